resource "docker_image" "web" {
  name = "public.ecr.aws/nginx/nginx:1.27"
}

resource "docker_container" "cache" {
  name  = "cache"
  image = "public.ecr.aws/docker/library/redis:7"
}
