resource "helm_release" "catalogue" {
  name       = "catalogue"
  repository = "https://charts.example.com/docker.io"
  chart      = "catalogue"

  values = [
    yamlencode({
      # joined by the chart, docker.io or not
      image = {
        registry   = "public.ecr.aws"
        repository = "h7d3k5v2/catalogue"
        tag        = var.tag
      }
      sidecar = { image = "public.ecr.aws/docker/library/memcached:1.6" }
    }),
    <<-YAML
    proxy:
      registry: docker.io   # docker.io
      repository: library/nginx
      tag: "1.27"
    metrics: {image: {registry: 'public.ecr.aws', repository: nginx/nginx-prometheus-exporter}}
    YAML
  ]
}

resource "helm_release" "kiosk" {
  name  = "kiosk"
  chart = "./charts/kiosk"

  set {
    name  = "image.registry"
    value = "docker.io"
  }

  set {
    name  = "image.repository"
    value = "library/nginx"
  }

  set {
    name  = "login.registry"
    value = "docker.io"
  }

  set {
    name  = "job.image"
    value = "busybox:1.36"
  }
}

resource "helm_release" "tides" {
  name  = "tides"
  chart = "./charts/tides"

  set = [
    { name = "image.registry", value = "public.ecr.aws" },
    { name = "image.repository", value = "h7d3k5v2/tides" },
    { name = "image.tag", value = "public.ecr.aws" },
  ]
}

module "pilot" {
  source   = "./modules/pilot"
  registry = "docker.io"
  name     = "library/nginx" # and not "library/nginx"
  tag      = "1.27"
}
