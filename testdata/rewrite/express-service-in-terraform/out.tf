resource "aws_ecs_express_gateway_service" "hello" {
  execution_role_arn = var.execution_role_arn

  primary_container {
    image          = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27"
    container_port = 80
  }
}
