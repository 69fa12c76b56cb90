resource "aws_ecs_task_definition" "generated" {
  family                = "generated"
  container_definitions = "[{\"name\":\"web\",\"image\":\"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public\\/nginx\\/nginx:1.27\",\"memory\":64}]"
}
