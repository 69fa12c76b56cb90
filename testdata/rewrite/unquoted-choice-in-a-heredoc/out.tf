resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: %{ if var.x }111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1%{ else }111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:2%{ endif }
  E
}
