variable "cache_ref" {
  default = "redis:7"
}

resource "aws_ecs_task_definition" "kiosk" {
  family = "kiosk"
  tags   = { runs = "cache ${var.cache_ref}" }
  container_definitions = jsonencode([
    { name = "cache", image = var.cache_ref },
  ])
}
