variable "ALPINE" {
  default = "3.20"
}

group "default" {
  targets = ["kiosk", "docs"]
}

target "kiosk" {
  context = "."
  contexts = {
    base   = "docker-image://111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/debian:bookworm-slim" # the runtime
    alpine = "docker-image://111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/alpine:${ALPINE}"
    tools  = "docker-image://111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/tools:3@sha256:6f1d0c5b7a3e92486f1d0c5b7a3e9248a1b2c3d4e5f60718293a4b5c6d7e8f90"
    shared = "../shared"
    docs   = "target:docs"
  }
  args = {
    BASE = "debian:bookworm-slim"
  }
  tags       = ["public.ecr.aws/h7d3k5v2/kiosk:latest"]
  cache-from = ["public.ecr.aws/h7d3k5v2/kiosk:cache"]
}

target "docs" {
  dockerfile-inline = <<EOT
FROM 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.12-slim AS build
COPY --from=111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27 /etc/nginx /etc/nginx
RUN echo "FROM redis:7"
# FROM redis:7
FROM build
EOT
}
