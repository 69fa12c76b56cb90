resource "aws_ecs_task_definition" "t" {
  family = "t"
  container_definitions = jsonencode([
    { name = "web", image = "nginx:${var.a},redis:${var.b}" },
    { name = "old", image = "nginx:${var.a} is old" },
  ])
}
