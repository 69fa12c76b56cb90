resource "aws_ecs_task_definition" "generated" {
  family                = "generated"
  container_definitions = "[{\"name\":\"web\",\"image\":\"public.ecr.aws\\/nginx\\/nginx:1.27\",\"memory\":64}]"
}
