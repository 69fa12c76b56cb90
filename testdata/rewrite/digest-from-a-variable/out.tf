resource "aws_ecs_task_definition" "release" {
  family = "release"

  container_definitions = jsonencode([
    { name = "web", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx@${var.digest}" },
    { name = "cache", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis@sha256:${var.redis_digest}" },
    { name = "logs", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/aws-observability/aws-for-fluent-bit:${var.tag}@${var.logs_digest}" },
  ])
}
