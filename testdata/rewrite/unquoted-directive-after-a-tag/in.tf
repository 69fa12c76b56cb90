resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: nginx:1%{ if var.x }-alpine%{ endif }
  E
}
