resource "kubernetes_manifest" "work" {
  manifest = {
    apiVersion = "work.open-cluster-management.io/v1"
    kind       = "ManifestWork"
    metadata   = { name = "p", namespace = "c1" }
    spec = {
      workload = {
        manifests = [
          {
            apiVersion = "constraints.gatekeeper.sh/v1beta1"
            kind       = "K8sAllowedRepos"
            metadata   = { name = "p" }
            spec       = { parameters = { containers = [{ image = "public.ecr.aws/nginx/nginx:1" }] } }
          },
          {
            apiVersion = "v1"
            kind       = "Pod"
            metadata   = { name = "p" }
            spec       = { containers = [{ image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:2" }] }
          },
        ]
      }
    }
  }
}
