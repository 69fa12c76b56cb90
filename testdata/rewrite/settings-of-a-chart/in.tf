resource "helm_release" "kiosk" {
  name  = "kiosk"
  chart = "./charts/kiosk"

  set {
    name  = "image.registry"
    value = "docker.io"
  }

  set {
    name  = "image.repository"
    value = "library/nginx"
  }

  set {
    name  = "repository"
    value = "git"
  }

  set_list {
    name  = "job.images"
    value = ["busybox:1.36"]
  }
}
