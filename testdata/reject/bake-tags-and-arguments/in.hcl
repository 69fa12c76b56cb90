variable "BASE" {
  default = "public.ecr.aws/docker/library/debian:bookworm-slim"
}

variable "PROXY" {
  default = "haproxy:3.0"
}

target "kiosk" {
  contexts = {
    base  = "docker-image://debian:bookworm-slim"
    local = "docker-image://kiosk-base:dev"
    other = "docker-image://${BASE}"
  }
  args = {
    PROXY = "public.ecr.aws/docker/library/haproxy:3.0"
    SHORT = "nginx:1.27"
  }
  tags       = ["public.ecr.aws/h7d3k5v2/kiosk:latest", "kiosk:dev"]
  cache-from = ["public.ecr.aws/h7d3k5v2/kiosk:cache"]
  cache-to   = ["public.ecr.aws/h7d3k5v2/kiosk:next"]
  dockerfile-inline = <<EOT
FROM redis:7
COPY --from=scratch / /
EOT
}
