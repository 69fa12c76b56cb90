resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: ${jsonencode("nginx:1")}
        - image: redis:${jsonencode("7")}
        - image: docker.io/library/redis:7
  E
}
