resource "kubernetes_manifest" "hello" {
  manifest = {
    apiVersion = "serving.knative.dev/v1"
    kind       = "Service"
    metadata   = { name = "nginx" }
    spec = {
      template = {
        spec = {
          initContainers = [{ name = "wait", image = "busybox:1.36" }]
          containers = [
            { name = "web", image = "public.ecr.aws/nginx/nginx:1.27" },
            { "name" = "agent", "image" = "quay.io/prometheus/node-exporter:v1.8.2" },
          ]
        }
      }
    }
  }
}
