# image = "public.ecr.aws/nginx/nginx:1.27"
// container_image = "nginx:1.27"
/*
resource "aws_ecs_task_definition" "old" {
  container_definitions = jsonencode([{ name = "old", image = "nginx:1.27" }])
}
*/
resource "aws_ecs_task_definition" "web" {
  family = "web" # image = "nginx:1.27"

  container_definitions = jsonencode([{
    name = "web" /* image = "nginx:1.26" */
    # image = "nginx:1.27"
    image   = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
    command = ["printf", "image: \"nginx:1.27\" # and // and /*", "*/"]
  }])
}
