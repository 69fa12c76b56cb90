resource "aws_ecs_task_definition" "edge" {
  family = "edge"

  container_definitions = jsonencode([
    { name = "edge", image = "nginx:1.21.0" },
    { name = "cache", image = "redis:7.2.4-alpine3.19" },
    { name = "own", image = "edge-tools:1.4.2" },
  ])
}
