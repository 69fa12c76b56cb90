resource "aws_ecs_task_definition" "win" {
  family = "win"

  container_definitions = <<-EOF
    [
      { "name": "web", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${var.tag}" },
      { "name": "cache", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" }
    ]
  EOF
}
