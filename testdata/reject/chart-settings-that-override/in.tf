resource "helm_release" "kiosk" {
  name  = "kiosk"
  chart = "./charts/kiosk"

  set {
    name  = "global.imageRegistry"
    value = "mirror.example.com"
  }

  set {
    name  = "image.registry"
    value = "docker.io"
  }

  set {
    name  = "image.repository"
    value = "library/nginx"
  }
}

resource "helm_release" "board" {
  name   = "board"
  chart  = "./charts/board"
  values = [yamlencode({ image = { registry = "docker.io", repository = "library/httpd" } })]

  set {
    name  = "image.registry"
    value = var.registry
  }
}
