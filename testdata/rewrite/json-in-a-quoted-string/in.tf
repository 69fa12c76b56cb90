resource "aws_ecs_task_definition" "console" {
  family                = "console"
  container_definitions = "[{\"name\":\"web\",\"image\":\"nginx:1.27\",\"memory\":128},{\"name\":\"logs\",\"image\":\"public.ecr.aws/aws-observability/aws-for-fluent-bit:${var.logs}\",\"command\":[\"\\\"-v\\\"\"]}]"
}

resource "aws_batch_job_definition" "lines" {
  name                 = "lines"
  type                 = "container"
  container_properties = "{\n  \"image\": \"perl:5.40\",\n  \"vcpus\": 1\n}\n"
}
