module "kiosk" {
  source = "./modules/kiosk"
  image  = { registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com", repository = "ecr-public/docker/library/nginx:4" }
}
