check "c" {
  assert {
    condition     = module.m.image == "docker.io/library/nginx:1"
    error_message = "no"
  }
}
output "image" {
  value = "nginx:1"
}
output "is_old" {
  value = local.image == "docker.io/library/nginx:1"
}
