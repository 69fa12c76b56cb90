variable "cache_ref" {
  type    = string
  default = "redis:7" # what var cache_ref runs
}

locals {
  proxy = "haproxy:3.0"
  title = "nginx:1.27"
}

resource "aws_ecs_task_definition" "kiosk" {
  family = "kiosk"
  container_definitions = jsonencode([
    { name = "cache", image = var.cache_ref },
    { name = "proxy", image = "${local.proxy}" },
    { name = local.title, image = local.title_of_none },
  ])
}
