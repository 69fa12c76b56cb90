# ecrewrite: done
resource "aws_ecs_task_definition" "half" {
  family = "half"

  container_definitions = jsonencode([
    { name = "done", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27" },
    { name = "todo", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27" },
    { name = "by-hand", image = "${local.host}/ecr-public/docker/library/redis:7" },
  ])
}
