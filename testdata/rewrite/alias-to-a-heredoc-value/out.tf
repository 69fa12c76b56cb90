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
        - image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:1
  E
}
