/* The web task.
   image = "nginx:1.25" was here until spring. */
resource "aws_ecs_task_definition" "web" {
  cpu    = 256 # before family, on purpose
  family = "web"
  # image = "public.ecr.aws/nginx/nginx:1.25"

  container_definitions = jsonencode([
    // the proxy goes first
    {
      image = /* pinned */ "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27" // "redis:7" is next door
      name  = "web"                                                  # after image
    }, # a comma, then a comment
    # { name = "old", image = "nginx:1.24" },
  ])
  memory = 512
}
// image = "nginx:1.25"
