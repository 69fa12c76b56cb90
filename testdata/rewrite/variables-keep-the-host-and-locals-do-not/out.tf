variable "web_image" {
  description = "Web server (nginx:1.26 until October, see public.ecr.aws/nginx/nginx)"
  type        = string
  default     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27" # no ${local.ecr_registry} here
}

variable "tracer" {
  type = object({
    image = optional(string, "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon:3.3.13")
    port  = optional(number, 2000)
  })
  default = {
    image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon:3.3.14"
  }
}

locals {
  ecr_registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
  family       = "nginx"
  stable       = "1.27"

  redis_image = "${local.ecr_registry}/ecr-public/docker/library/redis:7-bookworm"
  front       = "${local.ecr_registry}/ecr-public/nginx/nginx:${local.stable}"
  db          = "${local.ecr_registry}/ecr-public/docker/library/postgres:16"

  tasks = {
    front = { image = "${local.ecr_registry}/ecr-public/h7d3k5v2/front:8", cpu = 128 }
  }

  images = [
    "${local.ecr_registry}/ecr-public/h7d3k5v2/front:8",
    "${local.ecr_registry}/ecr-public/docker/library/debian:12",
  ]
}
