resource "helm_release" "catalogue" {
  name       = "catalogue"
  repository = "https://charts.example.com/docker.io"
  chart      = "catalogue"

  values = [
    yamlencode({
      # joined by the chart, docker.io or not
      image = {
        registry   = "${local.ecr_registry}"
        repository = "ecr-public/h7d3k5v2/catalogue"
        tag        = var.tag
      }
      sidecar = { image = "${local.ecr_registry}/ecr-public/docker/library/memcached:1.6" }
    }),
    <<-YAML
    proxy:
      registry: ${local.ecr_registry}   # docker.io
      repository: ecr-public/docker/library/nginx
      tag: "1.27"
    metrics: {image: {registry: '${local.ecr_registry}', repository: ecr-public/nginx/nginx-prometheus-exporter}}
    YAML
  ]
}

resource "helm_release" "kiosk" {
  name  = "kiosk"
  chart = "./charts/kiosk"

  set {
    name  = "image.registry"
    value = "${local.ecr_registry}"
  }

  set {
    name  = "image.repository"
    value = "ecr-public/docker/library/nginx"
  }

  set {
    name  = "login.registry"
    value = "docker.io"
  }

  set {
    name  = "job.image"
    value = "${local.ecr_registry}/ecr-public/docker/library/busybox:1.36"
  }
}

resource "helm_release" "tides" {
  name  = "tides"
  chart = "./charts/tides"

  set = [
    { name = "image.registry", value = "${local.ecr_registry}" },
    { name = "image.repository", value = "ecr-public/h7d3k5v2/tides" },
    { name = "image.tag", value = "public.ecr.aws" },
  ]
}

module "pilot" {
  source   = "./modules/pilot"
  registry = "${local.ecr_registry}"
  name     = "ecr-public/docker/library/nginx" # and not "library/nginx"
  tag      = "1.27"
}
