module "m" {
  source        = "./m"
  annotations   = { image = "docker.io/library/nginx:1" }
  event_pattern = jsonencode({ detail = { containers = [{ image = "nginx:2" }] } })
  policy        = jsonencode({ Condition = { StringEquals = { image = "nginx:3" } } })
  labels        = { image = "nginx:4" }
  metadata      = { containers = [{ image = "nginx:5" }] }
}
variable "x" {
  default = "a"
  validation {
    condition     = contains([{ image = "nginx:6" }], var.x)
    error_message = "no"
  }
}
