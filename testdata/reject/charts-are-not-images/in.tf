resource "helm_release" "tides" {
  name  = "tides"
  chart = "oci://public.ecr.aws/h7d3k5v2/charts/tides"
}

resource "helm_release" "weather" {
  name       = "weather"
  repository = "oci://public.ecr.aws/h7d3k5v2/charts"
  chart      = "weather"
}
