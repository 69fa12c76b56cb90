# the summer timetable
image        = "nginx:1.27"
router_image = "public.ecr.aws/docker/library/traefik:v3.1@sha256:6f1d0c5b7a3e92486f1d0c5b7a3e9248a1b2c3d4e5f60718293a4b5c6d7e8f90"
log_format   = "nginx"

tracer = {
  image = "public.ecr.aws/xray/aws-xray-daemon"
  port  = 2000
}

# image = "public.ecr.aws/nginx/nginx:1.25"
