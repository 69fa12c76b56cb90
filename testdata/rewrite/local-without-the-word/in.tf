locals {
  db = "docker.io/library/postgres:16"
  ui = "quay.io/a/b:1"
}
