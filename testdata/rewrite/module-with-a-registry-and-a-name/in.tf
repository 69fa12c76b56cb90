module "login" {
  source   = "./modules/registry-login"
  registry = "docker.io"
  name     = "nginx"
}

module "pilot" {
  source   = "./modules/pilot"
  registry = "docker.io"
  name     = "library/nginx" # and not "library/nginx"
  tag      = "1.27"
}
