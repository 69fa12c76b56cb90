module "badge" {
  source = "./modules/readme-badge"
  image  = "nginx"
}

variable "image" {
  type    = string
  default = "redis"
}

locals {
  image = "httpd"
}
