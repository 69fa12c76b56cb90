resource "helm_release" "a" {
  name       = "a"
  repository = "public.ecr.aws/karpenter/karpenter"
  chart      = "public.ecr.aws/karpenter/karpenter:1"
}
module "m" {
  source           = "./m"
  chart_repository = "public.ecr.aws/karpenter/charts"
  chart_image      = "docker.io/library/nginx:0"
  allowed_images   = ["docker.io/library/nginx:1"]
}
locals {
  disallowed_images = ["docker.io/library/nginx:2"]
}
resource "aws_config_config_rule" "r" {
  input_parameters = jsonencode({ image = "docker.io/library/nginx:3" })
}
resource "aws_cloudwatch_event_rule" "e" {
  event_pattern = jsonencode({ detail = { containers = [{ image = "docker.io/library/nginx:4" }] } })
}
data "external" "x" {
  program = ["docker", "run", "docker.io/library/nginx:5"]
  query   = { image = "docker.io/library/nginx:6" }
}
resource "null_resource" "n" {
  provisioner "local-exec" {
    command     = "docker pull docker.io/library/nginx:7"
    environment = { IMAGE = "docker.io/library/nginx:8" }
  }
}
