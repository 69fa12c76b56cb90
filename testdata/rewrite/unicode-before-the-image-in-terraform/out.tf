# 夜間バッチ
resource "aws_ecs_task_definition" "nacht" {
  family = "nacht"

  container_definitions = jsonencode([
    { name = "züge", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27", labels = { "説明" = "🚆" } }, # für später
    { "name" = "🚆", "image" = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" },
  ])
}
