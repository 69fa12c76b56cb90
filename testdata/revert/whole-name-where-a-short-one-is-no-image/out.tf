variable "base" {
  default = "public.ecr.aws/docker/library/nginx:1.27"
}
variable "image" {
  default = "public.ecr.aws/docker/library/redis"
}
