resource "aws_ecs_task_definition" "kiosk" {
  family                   = "nginx"
  requires_compatibilities = ["FARGATE"]

  container_definitions = jsonencode(concat([
    {
      name      = "nginx"
      image     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
      essential = true
      command   = ["echo", "nginx:1.27", "$${HOME}", "%%{x}"]
    },
    merge(local.defaults, {
      name  = "logs"
      image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/aws-observability/aws-for-fluent-bit:2"
    }),
  ], local.more))
}
