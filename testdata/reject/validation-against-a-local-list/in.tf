locals { allowed = ["docker.io/library/nginx:1"] }
variable "image" {
  default = "docker.io/library/nginx:1"
  validation {
    condition     = contains(local.allowed, var.image)
    error_message = "No."
  }
}
