resource "aws_ecr_pull_through_cache_rule" "quay" {
  ecr_repository_prefix = "mirror/quay/"
  upstream_registry_url = "quay.io"
}
