resource "aws_ecs_task_definition" "untagged" {
  family = "untagged"

  container_definitions = jsonencode([
    { name = "web", image = "public.ecr.aws/nginx/nginx" },
    { name = "cache", image = "memcached" },
    { name = "wait", image = "docker.io/library/busybox" },
  ])
}
