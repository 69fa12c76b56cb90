resource "aws_ecs_task_definition" "lookalikes" {
  family = "lookalikes"

  container_definitions = jsonencode([
    { name = "longer", image = "public.ecr.aws.example.com/nginx/nginx:1.27" },
    { name = "dash", image = "my-public.ecr.aws/nginx/nginx:1.27" },
    { name = "in-the-path", image = "mirror.example.com/public.ecr.aws/nginx/nginx:1.27" },
  ])
}
