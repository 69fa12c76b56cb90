locals {
  manifest = replace(<<-E
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - name: a
          image: docker.io/library/nginx:1
  E
  , "nginx:1", var.x)
}
