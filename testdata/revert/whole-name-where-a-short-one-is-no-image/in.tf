variable "base" {
  default = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
}
variable "image" {
  default = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis"
}
