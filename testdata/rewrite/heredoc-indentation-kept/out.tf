resource "aws_ecs_task_definition" "flush" {
  family = "flush"

  container_definitions = <<-TASKS
      [
    {
            "name": "web",
      "image":   "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27"
    },
	{ "name": "tab",	"image":	"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" }
        ]

    TASKS
}

resource "aws_ecs_task_definition" "column_zero" {
  family                = "column-zero"
  container_definitions = <<EOF
[{
"name": "web", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2.4"
}]
EOF
}
