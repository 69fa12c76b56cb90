resource "helm_release" "tides" {
  name  = "tides"
  chart = "oci://public.ecr.aws/h7d3k5v2/charts/tides"

  set {
    name  = "front.image"
    value = "public.ecr.aws/nginx/nginx:1.27"
  }
}

resource "helm_release" "weather" {
  name       = "weather"
  repository = "oci://public.ecr.aws/h7d3k5v2/charts"
  chart      = "weather"

  values = [yamlencode({
    image = { repository = "public.ecr.aws/nginx/nginx", tag = "1.27" }
  })]
}
