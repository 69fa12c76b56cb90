resource "aws_ecr_pull_through_cache_rule" "all" {
  for_each              = var.upstreams
  ecr_repository_prefix = each.key
  upstream_registry_url = each.value
}
