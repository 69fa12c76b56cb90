resource "aws_ecs_express_gateway_service" "hello" {
  execution_role_arn = var.execution_role_arn

  primary_container {
    image          = "public.ecr.aws/nginx/nginx:1.27"
    container_port = 80
  }
}
