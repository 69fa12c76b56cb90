resource "kubectl_manifest" "tiles" {
  yaml_body = <<-YAML
    # serves map tiles
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: tiles, namespace: "${var.namespace}"}
    spec:
      template:
        spec:
          initContainers:
          - name: unpack
            image: alpine
          containers:
            - name: tiles
              image: public.ecr.aws/h7d3k5v2/tiles:6   # six, not seven
            - name: front
              image: "public.ecr.aws/nginx/nginx:${var.front}"
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: tiles}
    stringData:
      image: nginx:1.27
  YAML
}

resource "kubernetes_manifest" "pod" {
  manifest = yamldecode(<<-YAML
    apiVersion: v1
    kind: Pod
    metadata: {name: once}
    spec:
      containers:
        - {name: once, image: 'ruby:3.3'}
  YAML
  )
}
