provider "kubernetes" {
  image = "docker.io/library/nginx:1"
}
terraform {
  backend "s3" {
    image = "docker.io/library/nginx:2"
  }
}
