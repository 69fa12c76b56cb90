resource "helm_release" "h" {
  values = [yamlencode({
    image = { repository = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx", tag = "1" }
    sidecar = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:1" }
  })]
}
