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
          image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1
          env:
            ${indent(12, yamlencode(var.env))}
  E
}
