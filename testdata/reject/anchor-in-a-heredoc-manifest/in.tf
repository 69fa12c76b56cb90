resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    metadata:
      name: a
    spec:
      containers:
        - name: a
          image: &img docker.io/library/nginx:1
          env:
            - name: IMAGE
              value: *img
  E
}
