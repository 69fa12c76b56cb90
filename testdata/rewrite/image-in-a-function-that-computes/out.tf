locals {
  a = replace(jsonencode([{ image = "docker.io/library/nginx:1" }]), "docker.io/", "mirror.example.com/")
  b = length([{ image = "nginx:2" }])
  c = { for s in [{ image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:3" }] : s.image => s if s.image != "docker.io/library/nginx:4" }
  d = contains([{ image = "docker.io/library/nginx:5" }], var.x)
  e = sha256(jsonencode({ containers = [{ image = "docker.io/library/nginx:6" }] }))
  f = "${var.x == "docker.io/library/nginx:7" ? "a" : "b"}"
}
