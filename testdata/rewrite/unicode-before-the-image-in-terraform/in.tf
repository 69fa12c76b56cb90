# 夜間バッチ
resource "aws_ecs_task_definition" "nacht" {
  family = "nacht"

  container_definitions = jsonencode([
    { name = "züge", image = "public.ecr.aws/nginx/nginx:1.27", labels = { "説明" = "🚆" } }, # für später
    { "name" = "🚆", "image" = "redis:7" },
  ])
}
