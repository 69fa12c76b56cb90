resource "aws_ecs_task_definition" "operator" {
  family = "operator"

  container_definitions = jsonencode([
    {
      name  = "operator"
      image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/operator:3"
      environment = [
        { name = "WORKER", value = "public.ecr.aws/h7d3k5v2/worker:12" },
        { name = "BASE", value = "nginx:1.27" },
      ]
    },
  ])
}

resource "aws_lambda_function" "starter" {
  function_name = "starter"
  role          = var.role_arn

  environment {
    variables = {
      WORKER = "public.ecr.aws/h7d3k5v2/worker:12"
    }
  }
}
