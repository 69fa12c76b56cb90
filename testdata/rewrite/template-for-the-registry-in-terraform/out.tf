resource "aws_ecs_task_definition" "quay" {
  family = "quay"

  container_definitions = jsonencode([
    { name = "web", image = "${var.account}.dkr.ecr.${var.region}.amazonaws.com/ecr-public/docker/library/nginx:${var.tag}" },
    { name = "crane", image = "${var.account}.dkr.ecr.${var.region}.amazonaws.com/ecr-public/h7d3k5v2/crane:7" },
    { name = "own", image = "${var.account}.dkr.ecr.${var.region}.amazonaws.com/quay/api:4" },
    { name = "there", image = "${var.account}.dkr.ecr.${var.region}.amazonaws.com/ecr-public/docker/library/redis:7" },
    { name = "elsewhere", image = "${var.other}.dkr.ecr.${var.region}.amazonaws.com/quay/api:4" },
  ])
}

resource "kubectl_manifest" "quay" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Pod
    metadata: {name: quay}
    spec:
      containers:
        - {name: once, image: "${var.account}.dkr.ecr.${var.region}.amazonaws.com/ecr-public/docker/library/ruby:3.3", command: [echo, "${var.account}"]}
  YAML
}

resource "helm_release" "quay" {
  name  = "quay"
  chart = "./charts/quay"

  values = [
    yamlencode({
      image = {
        registry   = "${var.account}.dkr.ecr.${var.region}.amazonaws.com"
        repository = "ecr-public/h7d3k5v2/quay"
        tag        = "5.2"
      }
    })
  ]
}
