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
    image   = "nginx:1.27"
    command = ["printf", "image: \"nginx:1.27\" # and // and /*", "*/"]
  }])
}
