resource "aws_ecr_pull_through_cache_rule" "public" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_nat_gateway" "egress" {
  allocation_id = aws_eip.egress.id
  subnet_id     = aws_subnet.public.id
}

locals {
  base = {
    executionRoleArn = var.execution_role_arn
    command          = ["python", "sift.py"]
  }
}

resource "aws_batch_job_definition" "sift" {
  name                  = "sift"
  type                  = "container"
  platform_capabilities = ["FARGATE"]
  container_properties = jsonencode(merge(local.base, {
    image = "public.ecr.aws/docker/library/python:3.12.7"
  }))
}
