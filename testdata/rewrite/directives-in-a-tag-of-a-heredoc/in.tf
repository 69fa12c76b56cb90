resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: "nginx:%{ if var.x }1%{ else }2%{ endif }"
        - image: "nginx:%{ if var.x }1%{ else }2, redis:3%{ endif }"
        - image: "nginx%{ if var.x }:1%{ endif }"
        - image: "nginx:1%{ if var.x }-alpine%{ endif }"
  E
}
