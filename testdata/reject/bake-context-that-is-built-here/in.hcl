target "base" {
  tags = ["public.ecr.aws/h7d3k5v2/base:dev"]
}

target "kiosk" {
  contexts = {
    base = "docker-image://public.ecr.aws/h7d3k5v2/base:dev"
  }
}
