resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: nginx:%{ if var.x }1%{ else }2%{ endif }
  E
}
