resource "aws_ecs_task_definition" "tags" {
  family = "tags"

  container_definitions = jsonencode([
    { name = "whole", image = "nginx:${local.tag}" },
    { name = "suffix", image = "nginx:${local.tag}-alpine" },
    { name = "prefix", image = "public.ecr.aws/nginx/nginx:1.${var.minor}" },
    { name = "quotes", image = "public.ecr.aws/nginx/nginx:${var.tags["web"]}" },
    { name = "two", image = "docker.io/library/node:${var.major}-${var.flavour}" },
    { name = "registry", image = "${var.registry}/nginx/nginx:1.27" },
    { name = "flavour", image = "httpd${var.flavour}:2.4" },
    { name = "all", image = "${var.image}" },
  ])
}
