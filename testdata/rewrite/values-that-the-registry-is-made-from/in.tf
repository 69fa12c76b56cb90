locals {
  ecr_registry = "${local.network["account"]}.dkr.ecr.${module.region.name}.amazonaws.com"
  network = {
    account     = var.account
    proxy_image = "public.ecr.aws/nginx/nginx:1.27"
  }
  other = { proxy_image = "public.ecr.aws/nginx/nginx:1.26", registry = local.ecr_registry }
}

module "region" {
  source    = "./region"
  web_image = "public.ecr.aws/nginx/nginx:1.25"
}

module "regions" {
  source    = "./region"
  web_image = "public.ecr.aws/nginx/nginx:1.24"
}
