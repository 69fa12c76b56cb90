variable "image" {
  description = "Web server (nginx:1.26 until October, see public.ecr.aws/nginx/nginx)"
  type        = string
  default     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
}

variable "router_image" {
  type    = string
  default = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/traefik:v3.1"
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

variable "log_format" {
  type    = string
  default = "nginx"
}

variable "service_name" {
  default = "redis"
}
