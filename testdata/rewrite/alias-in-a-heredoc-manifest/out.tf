resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: *zz
        - image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1
  E
}
