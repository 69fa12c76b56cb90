resource "aws_ecs_task_definition" "win" {
  family = "win"

  container_definitions = <<-EOF
    [
      { "name": "web", "image": "public.ecr.aws/nginx/nginx:${var.tag}" },
      { "name": "cache", "image": "redis:7" }
    ]
  EOF
}
