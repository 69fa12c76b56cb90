resource "aws_ecs_task_definition" "pinned" {
  family = "pinned"

  container_definitions = jsonencode([
    {
      name  = "web"
      image = "public.ecr.aws/nginx/nginx:1.27@sha256:6f1d0c5b7a3e92486f1d0c5b7a3e9248a1b2c3d4e5f60718293a4b5c6d7e8f90"
    },
    {
      name  = "db"
      image = "docker.io/library/postgres:16-alpine@sha256:0b9a8c7d6e5f40312213040f5e6d7c8b9a0b1c2d3e4f5061728394a5b6c7d8e9"
    },
  ])
}
