locals {
  image   = "nginx:${var.a},redis:${var.b}"
  image_b = "nginx:${var.a} is old"
}
