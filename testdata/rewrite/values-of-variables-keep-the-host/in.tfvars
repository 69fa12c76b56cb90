# the winter timetable; image = "public.ecr.aws/nginx/nginx:1.25"
image        = "nginx:1.27"
router_image = "public.ecr.aws/docker/library/traefik:v3.1"
log_format   = "nginx"

tracer = {
  image = "public.ecr.aws/xray/aws-xray-daemon"
  port  = 2000
}
