locals {
  ecr_registry = "${local.network["account"]}.dkr.ecr.${module.region.name}.amazonaws.com"
  network = {
    account     = var.account
    proxy_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27"
  }
  other = { proxy_image = "${local.ecr_registry}/ecr-public/nginx/nginx:1.26", registry = local.ecr_registry }
}

module "region" {
  source    = "./region"
  web_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.25"
}

module "regions" {
  source    = "./region"
  web_image = "${local.ecr_registry}/ecr-public/nginx/nginx:1.24"
}
