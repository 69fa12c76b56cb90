resource "aws_ecs_task_definition" "ticketing" {
  family = "ticketing"

  container_definitions = <<EOF
[
  {
    "name": "proxy",
    "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:${var.tag}",
    "cpu": ${var.cpu},
    "portMappings": [{ "containerPort": ${var.port}, "protocol": "tcp" }],
    "environment": ${jsonencode(var.environment)}
  },
  {
    "name": "app",
    "image": "${var.account}.dkr.ecr.ap-south-1.amazonaws.com/ticketing:${var.tag}",
    "command": ["sh", "-c", "echo $${PORT}"]
  }
]
EOF
}

resource "aws_ecs_task_definition" "indented" {
  family = "indented"

  container_definitions = <<-EOF
    [
      { "name": "web", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${var.tag}", "memory": ${var.memory} }
    ]
  EOF
}
