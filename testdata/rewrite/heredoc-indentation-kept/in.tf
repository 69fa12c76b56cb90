resource "aws_ecs_task_definition" "flush" {
  family = "flush"

  container_definitions = <<-TASKS
      [
    {
            "name": "web",
      "image":   "public.ecr.aws/nginx/nginx:1.27"
    },
	{ "name": "tab",	"image":	"redis:7" }
        ]

    TASKS
}

resource "aws_ecs_task_definition" "column_zero" {
  family                = "column-zero"
  container_definitions = <<EOF
[{
"name": "web", "image": "httpd:2.4"
}]
EOF
}
