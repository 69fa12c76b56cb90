check "c" {
  assert {
    condition     = module.m.image == "docker.io/library/nginx:1"
    error_message = "no"
  }
}
output "image" {
  value = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1"
}
output "is_old" {
  value = local.image == "docker.io/library/nginx:1"
}
