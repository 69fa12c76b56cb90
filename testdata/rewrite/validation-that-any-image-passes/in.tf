variable "a_image" {
  default = "docker.io/library/nginx:1.25"
  validation {
    condition     = length(var.a_image) > 0
    error_message = "The image must not be empty."
  }
}
variable "b_image" {
  default = "docker.io/library/redis:7"
  validation {
    condition     = var.b_image != ""
    error_message = "The image must not be empty."
  }
}
