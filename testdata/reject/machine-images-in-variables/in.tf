variable "lxd_image" { default = "ubuntu:22.04" }
variable "vm_image" { default = "debian:12" }
locals {
  ami_image = "debian:12"
}
