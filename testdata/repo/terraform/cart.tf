# The cart service on Fargate.

resource "aws_ecr_repository" "cart" {
  name = "cart"
}

resource "aws_ecs_task_definition" "cart" {
  family                   = "cart"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.cart_execution.arn

  container_definitions = jsonencode([
    {
      name  = "cart"
      image = "${aws_ecr_repository.cart.repository_url}:${var.cart_version}"
    },
    {
      name  = "session-store"
      image = "public.ecr.aws/docker/library/redis:${var.redis_tag}" # same major as production
    },
    {
      name  = "log-router"
      image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/aws-observability/aws-for-fluent-bit:2.32.4"
    },
    {
      name  = "migrate"
      image = var.migrate_image
    },
  ])
}
