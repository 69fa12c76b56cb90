resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: *zz
        - image: nginx:1
  E
}
