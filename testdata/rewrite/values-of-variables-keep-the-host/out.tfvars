# the winter timetable; image = "public.ecr.aws/nginx/nginx:1.25"
image        = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
router_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/traefik:v3.1"
log_format   = "nginx"

tracer = {
  image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon"
  port  = 2000
}
