resource "aws_ecs_task_definition" "tabs" {
	family="tabs"
	container_definitions=jsonencode([{name="a",image="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"},{
		name	=	"b"
		image	=	"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27",
		"essential" : true
		}, { "name" : "c", "image" : "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:7" },])
}
