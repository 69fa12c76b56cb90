resource "kubernetes_manifest" "hello" {
  manifest = {
    apiVersion = "serving.knative.dev/v1"
    kind       = "Service"
    metadata   = { name = "nginx" }
    spec = {
      template = {
        spec = {
          initContainers = [{ name = "wait", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.36" }]
          containers = [
            { name = "web", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1.27" },
            { "name" = "agent", "image" = "quay.io/prometheus/node-exporter:v1.8.2" },
          ]
        }
      }
    }
  }
}
