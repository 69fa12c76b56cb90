resource "aws_ecs_task_definition" "private" {
  family = "private"

  container_definitions = jsonencode([
    { name = "account", image = "444455556666.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27" },
    { name = "region", image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/nginx/nginx:1.27" },
    { name = "own", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/api:4" },
    { name = "china", image = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/nginx:1.27" },
    { name = "fips", image = "444455556666.dkr.ecr-fips.us-east-1.amazonaws.com/nginx:1.27" },
    { name = "dual", image = "444455556666.dkr-ecr.us-east-1.on.aws/nginx:1.27" },
    { name = "dual-fips", image = "444455556666.dkr-ecr-fips.us-east-1.on.aws/nginx:1.27" },
    { name = "eusc", image = "444455556666.dkr.ecr.eusc-de-east-1.amazonaws.eu/nginx:1.27" },
  ])
}
