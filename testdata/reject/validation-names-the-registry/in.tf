variable "router_image" {
  type    = string
  default = "public.ecr.aws/docker/library/traefik:v3.1"

  validation {
    condition     = startswith(var.router_image, "public.ecr.aws/")
    error_message = "The router comes from public.ecr.aws."
  }
}
