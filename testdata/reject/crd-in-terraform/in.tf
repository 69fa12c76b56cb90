resource "kubernetes_manifest" "crd" {
  manifest = {
    apiVersion = "apiextensions.k8s.io/v1"
    kind       = "CustomResourceDefinition"
    metadata   = { name = "a.b.c" }
    spec = {
      versions = [{ schema = { openAPIV3Schema = { properties = { containers = {
        default = [{ image = "nginx:1" }]
        items   = { properties = { image = { default = "nginx:1" } } }
      } } } } }]
    }
  }
}
