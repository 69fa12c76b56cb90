resource "aws_ecs_task_definition" "untagged" {
  family = "untagged"

  container_definitions = jsonencode([
    { name = "web", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx" },
    { name = "cache", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached" },
    { name = "wait", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox" },
  ])
}
