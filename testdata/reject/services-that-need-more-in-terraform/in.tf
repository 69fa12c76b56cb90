resource "aws_apprunner_service" "handbook" {
  service_name = "handbook"

  source_configuration {
    image_repository {
      image_identifier      = "public.ecr.aws/nginx/nginx:1.27"
      image_repository_type = "ECR_PUBLIC"
    }
  }
}

resource "aws_codebuild_project" "checks" {
  name = "checks"

  environment {
    image                       = "public.ecr.aws/docker/library/node:20"
    image_pull_credentials_type = "SERVICE_ROLE"
  }
}

resource "aws_sagemaker_model" "timetable" {
  name = "timetable"

  primary_container {
    image = "public.ecr.aws/h7d3k5v2/timetable-model:2"
  }
}
