# the summer timetable
image        = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
router_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/traefik:v3.1@sha256:6f1d0c5b7a3e92486f1d0c5b7a3e9248a1b2c3d4e5f60718293a4b5c6d7e8f90"
log_format   = "nginx"

tracer = {
  image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon"
  port  = 2000
}

# image = "public.ecr.aws/nginx/nginx:1.25"
