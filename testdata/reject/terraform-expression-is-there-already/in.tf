resource "aws_ecs_task_definition" "there" {
  family = "there"

  container_definitions = jsonencode([
    { name = "same", image = "${local.ecr_registry}/ecr-public/nginx/nginx:1.27" },
    { name = "spaces", image = "${ local.ecr_registry }/ecr-public/docker/library/redis:${var.tag}" },
    { name = "host", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2.4" },
    { name = "other", image = "${var.other}/ecr-public/nginx/nginx:1.27" },
    { name = "longer", image = "${local.ecr_registry_old}/ecr-public/nginx/nginx:1.27" },
    { name = "behind", image = "${local.ecr_registry}.example.com/ecr-public/nginx/nginx:1.27" },
    { name = "before", image = "mirror-${local.ecr_registry}/ecr-public/nginx/nginx:1.27" },
  ])
}
