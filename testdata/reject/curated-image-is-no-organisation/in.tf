variable "build_image" {
  default = "aws/codebuild/standard:7.0"
}
module "build" {
  source = "./build"
  image  = "aws/codebuild/standard:7.0"
}
resource "aws_codebuild_project" "p" {
  environment {
    image = "aws/codebuild/amazonlinux2-x86_64-standard:5.0"
  }
}
