resource "helm_release" "h" {
  set_list = [{ name = "images", value = ["docker.io/library/nginx:1", "redis:2"] }]
  set {
    name  = "web.image"
    value = "nginx:3"
  }
}
