resource "aws_lambda_function" "receipts" {
  function_name = "receipts"
  role          = var.role_arn
  package_type  = "Image"
  image_uri     = "public.ecr.aws/lambda/python:3.12"
}

resource "aws_emrserverless_application" "spark" {
  name = "spark"

  image_configuration {
    image_uri = "public.ecr.aws/h7d3k5v2/spark:3"
  }
}

resource "aws_lightsail_container_service_deployment_version" "site" {
  service_name = "site"

  container {
    container_name = "site"
    image          = "public.ecr.aws/nginx/nginx:1.27"
  }
}
