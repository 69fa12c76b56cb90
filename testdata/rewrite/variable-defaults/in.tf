variable "image" {
  description = "Web server (nginx:1.26 until October, see public.ecr.aws/nginx/nginx)"
  type        = string
  default     = "nginx:1.27"
}

variable "router_image" {
  type    = string
  default = "public.ecr.aws/docker/library/traefik:v3.1"
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

variable "log_format" {
  type    = string
  default = "nginx"
}

variable "service_name" {
  default = "redis"
}
