resource "aws_ecs_task_definition" "mixed" {
  family = "mixed"

  container_definitions = jsonencode([
    { name = "logstash", image = "docker.elastic.co/logstash/logstash:8.15.1" },
    { name = "proxy", image = "gcr.io/cloudsql-docker/gce-proxy:1.37.3" },
    { name = "browser", image = "mcr.microsoft.com/playwright:v1.48.0" },
    { name = "gpu", image = "nvcr.io/nvidia/tritonserver:24.09-py3" },
    { name = "web", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27" },
  ])
}
