resource "aws_ecs_task_definition" "pier" {
  family = "pier"

  container_definitions = <<-TASKS
      [
    { "name": "web",   "image":   "nginx:1.27",   "cpu": ${var.cpu} },
        { "name": "pier", "command": ["echo", "nginx:1.27", "$${HOME}"], "image" : "public.ecr.aws/h7d3k5v2/pier:${var.tag}" }
      ]
    TASKS
}

resource "aws_batch_job_definition" "column_zero" {
  name                 = "column-zero"
  type                 = "container"
  container_properties = <<EOF
{
"image": "perl:5.40", "vcpus": 1
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
          image: nginx:1.27   # image: nginx:1.27
        - name: double
          image: "redis:${var.tag}"
        - {name: single, image: 'httpd:2.4', command: [echo, 'httpd:2.4']}
        - {name: flow, image: caddy:2}
  YAML
}
