resource "aws_ecs_task_definition" "tags" {
  family = "tags"

  container_definitions = jsonencode([
    { name = "whole", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:${local.tag}" },
    { name = "suffix", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:${local.tag}-alpine" },
    { name = "prefix", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.${var.minor}" },
    { name = "quotes", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${var.tags["web"]}" },
    { name = "two", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:${var.major}-${var.flavour}" },
    { name = "registry", image = "${var.registry}/nginx/nginx:1.27" },
    { name = "flavour", image = "httpd${var.flavour}:2.4" },
    { name = "all", image = "${var.image}" },
  ])
}
