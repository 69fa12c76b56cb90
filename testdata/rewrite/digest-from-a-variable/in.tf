resource "aws_ecs_task_definition" "release" {
  family = "release"

  container_definitions = jsonencode([
    { name = "web", image = "public.ecr.aws/nginx/nginx@${var.digest}" },
    { name = "cache", image = "redis@sha256:${var.redis_digest}" },
    { name = "logs", image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:${var.tag}@${var.logs_digest}" },
  ])
}
