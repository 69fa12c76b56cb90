resource "aws_ecs_task_definition" "holes" {
  family = "holes"

  container_definitions = jsonencode([
    { name = "registry", image = "${var.registry}/nginx/nginx:1.27" },
    { name = "namespace", image = "public.ecr.aws/${var.namespace}/kiosk:1" },
    { name = "team", image = "${var.team}redis:7" },
    { name = "flavour", image = "httpd${var.flavour}:2.4" },
  ])
}
