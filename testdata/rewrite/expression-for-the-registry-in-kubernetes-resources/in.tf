resource "kubernetes_manifest" "hello" {
  manifest = {
    apiVersion = "serving.knative.dev/v1"
    kind       = "Service"
    metadata   = { name = "nginx" }
    spec = {
      template = {
        spec = {
          initContainers = [{ name = "wait", image = "busybox" }]
          containers = [
            { name = "web", image = "public.ecr.aws/nginx/nginx:${var.tag}" },
            { "name" = "agent", "image" = "quay.io/example-org/agent:v1.8.2" },
          ]
        }
      }
    }
  }
}

resource "kubernetes_deployment_v1" "kiosk" {
  metadata {
    name = "kiosk"
  }
  spec {
    template {
      spec {
        container {
          name  = "kiosk"
          image = "public.ecr.aws/h7d3k5v2/kiosk:${var.tag}"
          env {
            name  = "BASE"
            value = "nginx:1.27"
          }
        }
        dynamic "init_container" {
          for_each = var.fixtures
          content {
            name  = init_container.key
            image = "ruby:3.3"
          }
        }
      }
    }
  }
}

resource "kubernetes_manifest" "once" {
  manifest = yamldecode(<<-YAML
    apiVersion: v1
    kind: Pod
    metadata: {name: once}
    spec:
      containers:
        - {name: once, image: 'python:3.13-slim'}
  YAML
  )
}
