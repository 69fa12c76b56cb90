variable "cart_version" {
  description = "The build of the cart service to run"
  type        = string
}

variable "redis_tag" {
  type    = string
  default = "7.4-alpine"
}

variable "migrate_image" {
  description = "Runs the database migrations"
  type        = string
  default     = "postgres:17.2"
}
