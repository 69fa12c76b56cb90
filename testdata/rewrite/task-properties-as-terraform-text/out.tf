resource "aws_batch_job_definition" "b" {
  container_properties = "{\"image\": \"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1\", \"command\": [\"docker.io/library/nginx:2\"]}"
  ecs_properties = <<E
{"taskProperties": [{"containers": [{"image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:3"}, {"image": "${var.x}"}]}]}
E
}
