variable "a_image" {
  default = "docker.io/library/nginx:1.25"
  validation {
    condition     = contains(["docker.io/library/nginx:1.25"], var.a_image)
    error_message = "No."
  }
}
variable "b_image" {
  default = "docker.io/library/redis:7"
  validation {
    condition     = can(regex("^docker.io/library/redis:", var.b_image))
    error_message = "No."
  }
}
variable "c_image" {
  default = "docker.io/library/redis:8"
  validation {
    condition     = length(regexall("^docker", var.c_image)) > 0
    error_message = "No."
  }
}
variable "d_image" {
  default = "redis:8"
  validation {
    condition     = substr(var.d_image, 0, 6) == "redis:"
    error_message = "No."
  }
}
