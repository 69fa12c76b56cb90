variable "a_image" {
  default = "docker.io/library/nginx:1.25"
  validation {
    condition     = length(var.a_image) < 40
    error_message = "Too long."
  }
}
variable "b_image" {
  default = "docker.io/library/nginx:1.26"
  validation {
    condition     = can(regex("^[^.]*[.]", var.b_image)) && length(split("/", var.b_image)) == 3
    error_message = "Three parts."
  }
}
