resource "helm_release" "catalogue" {
  name  = "catalogue"
  chart = "./charts/catalogue"

  values = [
    yamlencode({
      # joined by the chart, so one cannot change without the other
      image = {
        registry   = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
        repository = "ecr-public/h7d3k5v2/catalogue"
        tag        = "5.2"
      }
      sidecar = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached:1.6" }
    })
  ]
}
