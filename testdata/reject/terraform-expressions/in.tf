resource "aws_ecs_task_definition" "expressions" {
  family = "expressions"

  container_definitions = jsonencode([
    {
      name  = "variable"
      image = var.image
    },
    {
      name  = "index"
      image = local.images["web"]
    },
    {
      name  = "wrapped"
      image = "${var.image}"
    },
    {
      name  = "own"
      image = "${aws_ecr_repository.kiosk.repository_url}:4"
    },
  ])
}
