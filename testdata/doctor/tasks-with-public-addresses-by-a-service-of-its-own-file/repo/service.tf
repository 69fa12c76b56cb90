resource "aws_ecs_service" "web" {
  name            = "web"
  task_definition = aws_ecs_task_definition.web.arn

  network_configuration {
    subnets          = var.subnet_ids
    assign_public_ip = true
  }
}
