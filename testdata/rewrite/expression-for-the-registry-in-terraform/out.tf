# Images come through local.ecr_registry, but for nginx:1.27 in the yard.
resource "aws_ecs_task_definition" "ferry" {
  family = "nginx"

  container_definitions = jsonencode(concat([
    {
      name      = "nginx"
      image     = "${local.ecr_registry}/ecr-public/docker/library/nginx:1.27"   # not nginx:1.28
      essential = true
      command   = ["echo", "nginx:1.27", "$${local.ecr_registry}", "%%{x}"]
    },
    { name = "cache", image = "${local.ecr_registry}/ecr-public/docker/library/redis:${var.tag}" },
    { "name" = "tides", "image" = "${local.ecr_registry}/ecr-public/docker/library/python:3.13@sha256:6f1d0c5b7a3e92486f1d0c5b7a3e9248a1b2c3d4e5f60718293a4b5c6d7e8f90" },
    { name = "front", image = var.front != "" ? var.front : "${local.ecr_registry}/ecr-public/h7d3k5v2/front:8" },
    { name = "arms", image = var.small ? "${local.ecr_registry}/ecr-public/docker/library/alpine" : "${local.ecr_registry}/ecr-public/docker/library/debian:12" },
    { name = "there", image = "${local.ecr_registry}/ecr-public/nginx/nginx:1.27" },
    { name = "own", image = "${aws_ecr_repository.ferry.repository_url}:4" },
    { name = "dotnet", image = "mcr.microsoft.com/dotnet/runtime:8.0" },
    { name = "kept", image = "ruby:3.3" }, # ecrewrite: ignore
  ], local.more))
}

module "timetable" {
  source          = "./modules/ecs-service"
  container_image = coalesce(var.timetable, "${local.ecr_registry}/ecr-public/h7d3k5v2/timetable:${var.tag}-slim")
}
