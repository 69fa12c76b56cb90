variable "web_image" {
  description = "Web server (nginx:1.26 until October, see public.ecr.aws/nginx/nginx)"
  type        = string
  default     = "nginx:1.27" # no ${local.ecr_registry} here
}

variable "tracer" {
  type = object({
    image = optional(string, "public.ecr.aws/xray/aws-xray-daemon:3.3.13")
    port  = optional(number, 2000)
  })
  default = {
    image = "public.ecr.aws/xray/aws-xray-daemon:3.3.14"
  }
}

locals {
  ecr_registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
  family       = "nginx"
  stable       = "1.27"

  redis_image = "redis:7-bookworm"
  front       = "public.ecr.aws/nginx/nginx:${local.stable}"
  db          = "docker.io/library/postgres:16"

  tasks = {
    front = { image = "public.ecr.aws/h7d3k5v2/front:8", cpu = 128 }
  }

  images = [
    "public.ecr.aws/h7d3k5v2/front:8",
    "public.ecr.aws/docker/library/debian:12",
  ]
}
