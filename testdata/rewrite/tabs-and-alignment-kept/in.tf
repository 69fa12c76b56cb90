resource "aws_ecs_task_definition" "tabs" {
	family="tabs"
	container_definitions=jsonencode([{name="a",image="redis:7"},{
		name	=	"b"
		image	=	"public.ecr.aws/nginx/nginx:1.27",
		"essential" : true
		}, { "name" : "c", "image" : "mongo:7" },])
}
