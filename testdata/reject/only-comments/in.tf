# image = "public.ecr.aws/nginx/nginx:1.27"
/*
container_definitions = jsonencode([{ name = "old", image = "nginx:1.27" }])
*/
locals {
  name = "nginx" // image = "nginx:1.27"
}
