resource "aws_ecs_task_definition" "edge" {
  family = "edge"

  container_definitions = jsonencode([
    { name = "edge", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.21.0" },
    { name = "cache", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7.2.4-alpine3.19" },
    { name = "own", image = "edge-tools:1.4.2" },
  ])
}
