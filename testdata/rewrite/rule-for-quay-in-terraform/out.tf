locals {
  exporter = "111122223333.dkr.ecr.us-east-1.amazonaws.com/quay/prometheus/node-exporter:${var.version}"
}

resource "aws_ecs_task_definition" "metrics" {
  family = "metrics"

  container_definitions = jsonencode([
    { name = "prometheus", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/quay/prometheus/prometheus:v2.55.0" },
    { name = "other", image = "ghcr.io/example-org/kiosk:4" },
  ])
}
