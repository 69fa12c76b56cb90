resource "kubectl_manifest" "policy" {
  yaml_body = <<-E
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: p
    spec:
      rules:
        - validate:
            pattern:
              spec:
                containers:
                  - image: "docker.io/library/nginx:1"
  E
}
