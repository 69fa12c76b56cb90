resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: %{ if var.x }nginx:1%{ else }redis:2%{ endif }
  E
}
