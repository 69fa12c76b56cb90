resource "helm_release" "kiosk" {
  name  = "kiosk"
  chart = "./charts/kiosk"

  set {
    name  = "image.registry"
    value = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
  }

  set {
    name  = "image.repository"
    value = "ecr-public/docker/library/nginx"
  }

  set {
    name  = "repository"
    value = "git"
  }

  set_list {
    name  = "job.images"
    value = ["111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.36"]
  }
}
