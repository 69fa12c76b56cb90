module "login" {
  source   = "./modules/registry-login"
  registry = "docker.io"
  name     = "nginx"
}

module "pilot" {
  source   = "./modules/pilot"
  registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
  name     = "ecr-public/docker/library/nginx" # and not "library/nginx"
  tag      = "1.27"
}
