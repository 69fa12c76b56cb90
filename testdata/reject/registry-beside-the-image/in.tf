module "kiosk" {
  source   = "./modules/kiosk"
  registry = "quay.io"
  image    = "library/nginx:3"
}

module "board" {
  source         = "./modules/board"
  image_registry = "docker.io"
  web_image      = "nginx:3"
  cache_image    = var.cache_image
}
