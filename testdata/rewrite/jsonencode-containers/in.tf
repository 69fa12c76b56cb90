resource "aws_ecs_task_definition" "kiosk" {
  family                   = "nginx"
  requires_compatibilities = ["FARGATE"]

  container_definitions = jsonencode(concat([
    {
      name      = "nginx"
      image     = "nginx:1.27"
      essential = true
      command   = ["echo", "nginx:1.27", "$${HOME}", "%%{x}"]
    },
    merge(local.defaults, {
      name  = "logs"
      image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2"
    }),
  ], local.more))
}
