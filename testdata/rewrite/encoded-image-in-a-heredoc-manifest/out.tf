resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: ${jsonencode("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1")}
        - image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:${jsonencode("7")}
        - image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7
  E
}
