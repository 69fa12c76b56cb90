resource "google_compute_disk" "tides" {
  name  = "tides"
  image = "ubuntu-os-cloud/ubuntu-2404-lts"
}

resource "aws_codebuild_project" "checks" {
  name = "checks"

  environment {
    image = "aws/codebuild/standard:7.0"
  }
}

resource "aws_ecs_task_definition" "board" {
  family                = "board"
  container_definitions = jsonencode([{ name = "board", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub/grafana/grafana:11.3.0" }])
}
