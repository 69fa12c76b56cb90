resource "google_compute_disk" "tides" {
  name  = "tides"
  image = "ubuntu-os-cloud/ubuntu-2404-lts"
}

data "aws_ecr_image" "kiosk" {
  repository_name = "nginx"
  image_tag       = "1.27"
}
