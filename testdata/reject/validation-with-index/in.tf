variable "image" {
  default = "nginx:1"
  validation {
    condition     = can(regex("^[^/]+:[^:]+$", var.image))
    error_message = "A short name with a tag."
  }
}
