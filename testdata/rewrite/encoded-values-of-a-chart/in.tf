resource "helm_release" "h" {
  values = [yamlencode({
    image = { repository = "docker.io/library/nginx", tag = "1" }
    sidecar = { image = "docker.io/library/redis:1" }
  })]
}
