resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    metadata:
      name: a
      labels:
        ${indent(4, yamlencode(var.x))}
    spec:
      containers:
        - name: a
          image: nginx:1
          env:
            ${indent(12, yamlencode(var.env))}
  E
}
