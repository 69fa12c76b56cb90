resource "google_cloud_run_v2_service" "a" {
  template {
    containers {
      image = "docker.io/library/nginx:1"
    }
  }
}
resource "azurerm_container_group" "b" {
  container {
    image = "docker.io/library/nginx:2"
  }
}
resource "skopeo_copy" "c" {
  source_image      = "docker://docker.io/library/nginx:3"
  destination_image = "docker.io/library/nginx:4"
}
