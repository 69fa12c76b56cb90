locals {
  db = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/postgres:16"
  ui = "quay.io/a/b:1"
}
