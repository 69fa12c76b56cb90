module "kiosk" {
  source = "./modules/kiosk"
  image  = { registry = "docker.io", repository = "library/nginx:4" }
}
