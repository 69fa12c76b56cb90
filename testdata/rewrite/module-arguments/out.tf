module "definition" {
  source = "./modules/container"

  container_name  = "nginx"
  container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27"
}

module "queue" {
  source = "./modules/ecs-service"

  image        = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nats:2.10" # no longer 2.9
  image_tag    = "2.10"
  description  = "Runs nats:2.10 next to public.ecr.aws/nginx/nginx"
  docker_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"
}

module "service" {
  source = "./modules/ecs-service"

  container_definitions = {
    web = {
      image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2.4"
    }
    "x-ray" = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon:3.x", cpu = 32 }
  }
}

module "jump_host" {
  source = "./modules/vm"
  image  = "ami-0f1e2d3c4b5a69788"
}
