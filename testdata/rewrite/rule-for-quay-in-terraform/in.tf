locals {
  exporter = "quay.io/prometheus/node-exporter:${var.version}"
}

resource "aws_ecs_task_definition" "metrics" {
  family = "metrics"

  container_definitions = jsonencode([
    { name = "prometheus", image = "quay.io/prometheus/prometheus:v2.55.0" },
    { name = "other", image = "ghcr.io/example-org/kiosk:4" },
  ])
}
