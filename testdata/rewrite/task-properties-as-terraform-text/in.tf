resource "aws_batch_job_definition" "b" {
  container_properties = "{\"image\": \"nginx:1\", \"command\": [\"docker.io/library/nginx:2\"]}"
  ecs_properties = <<E
{"taskProperties": [{"containers": [{"image": "nginx:3"}, {"image": "${var.x}"}]}]}
E
}
