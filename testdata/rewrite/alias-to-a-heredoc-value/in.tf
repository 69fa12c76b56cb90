resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    metadata:
      annotations:
        image: &img docker.io/library/nginx:1
    spec:
      containers:
        - image: *img
        - image: redis:1
  E
}
