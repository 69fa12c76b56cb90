locals {
  family       = "nginx"
  image_vendor = "ubuntu"
  stable       = "1.27"

  redis_image = "redis:7-bookworm"
  front       = "public.ecr.aws/nginx/nginx:${local.stable}"
  router_repo = "public.ecr.aws/docker/library/traefik"

  tasks = {
    front = { image = "public.ecr.aws/h7d3k5v2/front:8", cpu = 128 }
    wiki  = { image = "xwiki:16", cpu = 512 }
  }

  images = [
    "public.ecr.aws/h7d3k5v2/front:8",
    "public.ecr.aws/docker/library/debian:12",
  ]
}
