resource "helm_release" "tides" {
  name  = "tides"
  chart = "oci://public.ecr.aws/h7d3k5v2/charts/tides"

  set {
    name  = "front.image"
    value = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27"
  }
}

resource "helm_release" "weather" {
  name       = "weather"
  repository = "oci://public.ecr.aws/h7d3k5v2/charts"
  chart      = "weather"

  values = [yamlencode({
    image = { repository = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx", tag = "1.27" }
  })]
}
