resource "kubectl_manifest" "m" {
  yaml_body = <<-E
    {{ if .x }}
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - image: docker.io/library/nginx:1
    {{ end }}
  E
}
resource "aws_ecs_task_definition" "t" {
  container_definitions = <<-E
    [
      {"name": "a", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1", "cpu": %{ if x }1%{ else }2%{ endif }},
      ${join(",", var.more)}
    ]
  E
}
resource "helm_release" "h" {
  values = [<<-E
    image: {{ x }}
     foo: nginx:1
    bar
  E
  ]
}
locals {
  a = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:9"
}
