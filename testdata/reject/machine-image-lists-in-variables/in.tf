variable "vm_images" { default = ["debian:12"] }
locals {
  lxd_image_name = "ubuntu:22.04"
}
