resource "helm_release" "h" {
  set_list = [{ name = "images", value = ["111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:2"] }]
  set {
    name  = "web.image"
    value = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:3"
  }
}
