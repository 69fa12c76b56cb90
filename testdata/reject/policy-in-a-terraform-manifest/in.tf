resource "kubernetes_manifest" "policy" {
  manifest = {
    apiVersion = "kyverno.io/v1"
    kind       = "ClusterPolicy"
    metadata   = { name = "p" }
    spec = {
      rules = [{ validate = { pattern = { spec = { containers = [{ image = "docker.io/library/nginx:1" }] } } } }]
    }
  }
}
