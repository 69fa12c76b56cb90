resource "aws_ecs_task_definition" "console" {
  family                = "console"
  container_definitions = "[{\"name\":\"web\",\"image\":\"${var.hosts["eu"]}/ecr-public/docker/library/nginx:1.27\",\"memory\":128},{\"name\":\"logs\",\"image\":\"${var.hosts["eu"]}/ecr-public/aws-observability/aws-for-fluent-bit:${var.logs["eu"]}\",\"command\":[\"\\\"-v\\\"\"]}]"
}

resource "aws_ecs_task_definition" "desk" {
  family = "desk"

  container_definitions = jsonencode([
    { name = "desk", image = "${var.hosts["eu"]}/ecr-public/h7d3k5v2/desk:3" },
    { name = "us", image = "${var.hosts["us"]}/ecr-public/h7d3k5v2/desk:3" },
  ])
}

resource "kubectl_manifest" "console" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Pod
    metadata: {name: "console-${var.names["eu"]}"}
    spec:
      containers:
        - name: quoted
          image: "${var.hosts["eu"]}/ecr-public/docker/library/redis:7" # "redis:7"
        - name: choice
          image: "${var.small ? "${var.hosts["eu"]}/ecr-public/docker/library/alpine:3.20" : "${var.hosts["eu"]}/ecr-public/docker/library/debian:12"}"
        - name: directive
          image: "%{ if var.small }${var.hosts["eu"]}/ecr-public/docker/library/busybox:1.36%{ else }${var.hosts["eu"]}/ecr-public/docker/library/bash:5.2%{ endif }"
  YAML
}
