resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:%{ if var.x }1%{ else }2%{ endif }
  E
}
