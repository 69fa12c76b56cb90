module "lambda_thumbnails" {
  source = "./modules/lambda"
  container_definitions = [
    {
      name                   = "thumbnails"
      image                  = "public.ecr.aws/lambda/nodejs:22"
      repository_credentials = { credentials_parameter = var.credentials }
    },
  ]
}
