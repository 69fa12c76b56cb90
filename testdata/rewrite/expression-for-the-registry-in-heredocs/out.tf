resource "aws_ecs_task_definition" "pier" {
  family = "pier"

  container_definitions = <<-TASKS
      [
    { "name": "web",   "image":   "${local.ecr_registry}/ecr-public/docker/library/nginx:1.27",   "cpu": ${var.cpu} },
        { "name": "pier", "command": ["echo", "nginx:1.27", "$${HOME}"], "image" : "${local.ecr_registry}/ecr-public/h7d3k5v2/pier:${var.tag}" }
      ]
    TASKS
}

resource "aws_batch_job_definition" "column_zero" {
  name                 = "column-zero"
  type                 = "container"
  container_properties = <<EOF
{
"image": "${local.ecr_registry}/ecr-public/docker/library/perl:5.40", "vcpus": 1
}
EOF
}

resource "kubectl_manifest" "pier" {
  yaml_body = <<-YAML
    # image: nginx:1.26
    apiVersion: v1
    kind: Pod
    metadata: {name: pier, namespace: "${var.namespace}"}
    spec:
      containers:
        - name: plain
          image: ${local.ecr_registry}/ecr-public/docker/library/nginx:1.27   # image: nginx:1.27
        - name: double
          image: "${local.ecr_registry}/ecr-public/docker/library/redis:${var.tag}"
        - {name: single, image: '${local.ecr_registry}/ecr-public/docker/library/httpd:2.4', command: [echo, 'httpd:2.4']}
        - {name: flow, image: ${local.ecr_registry}/ecr-public/docker/library/caddy:2}
  YAML
}
