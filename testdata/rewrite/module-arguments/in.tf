module "definition" {
  source = "./modules/container"

  container_name  = "nginx"
  container_image = "public.ecr.aws/nginx/nginx:1.27"
}

module "queue" {
  source = "./modules/ecs-service"

  image        = "nats:2.10" # no longer 2.9
  image_tag    = "2.10"
  description  = "Runs nats:2.10 next to public.ecr.aws/nginx/nginx"
  docker_image = "docker.io/library/redis:7"
}

module "service" {
  source = "./modules/ecs-service"

  container_definitions = {
    web = {
      image = "httpd:2.4"
    }
    "x-ray" = { image = "public.ecr.aws/xray/aws-xray-daemon:3.x", cpu = 32 }
  }
}

module "jump_host" {
  source = "./modules/vm"
  image  = "ami-0f1e2d3c4b5a69788"
}
