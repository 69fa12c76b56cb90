locals {
  job_image = var.mirrored ? "444455556666.dkr.ecr.us-east-1.amazonaws.com/ruby:3.3" : "public.ecr.aws/docker/library/ruby:3.3"
}

resource "aws_ecs_task_definition" "arms" {
  family = "arms"

  container_definitions = jsonencode([
    { name = "front", image = var.front != "" ? var.front : "public.ecr.aws/h7d3k5v2/front:8" },
    {
      name = "cache"
      image = (
        var.cache == "redis" ? "redis:7" :
        var.cache == "memcached" ? "docker.io/library/memcached:1.6" :
        "public.ecr.aws/h7d3k5v2/no-cache"
      )
    },
    { name = "by-cpu", image = "public.ecr.aws/h7d3k5v2/codec:${var.cpu == "arm64" ? "arm" : "intel"}-3" },
  ])
}
