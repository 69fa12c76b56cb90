locals {
  family       = "nginx"
  image_vendor = "ubuntu"
  stable       = "1.27"

  redis_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7-bookworm"
  front       = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${local.stable}"
  router_repo = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/traefik"

  tasks = {
    front = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/front:8", cpu = 128 }
    wiki  = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/xwiki:16", cpu = 512 }
  }

  images = [
    "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/front:8",
    "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/debian:12",
  ]
}
