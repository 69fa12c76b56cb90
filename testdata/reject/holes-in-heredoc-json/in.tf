resource "aws_ecs_task_definition" "text" {
  family = "text"

  container_definitions = <<-EOF
    [
      {
        "name": "app",
        "image": "${var.repository}:${var.tag}",
        "memory": ${var.memory}
      }
    ]
  EOF
}
