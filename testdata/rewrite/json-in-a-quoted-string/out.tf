resource "aws_ecs_task_definition" "console" {
  family                = "console"
  container_definitions = "[{\"name\":\"web\",\"image\":\"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27\",\"memory\":128},{\"name\":\"logs\",\"image\":\"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/aws-observability/aws-for-fluent-bit:${var.logs}\",\"command\":[\"\\\"-v\\\"\"]}]"
}

resource "aws_batch_job_definition" "lines" {
  name                 = "lines"
  type                 = "container"
  container_properties = "{\n  \"image\": \"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/perl:5.40\",\n  \"vcpus\": 1\n}\n"
}
