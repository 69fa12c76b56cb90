# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 5.94, in account 111122223333, region eu-central-1.

resource "aws_ecr_pull_through_cache_rule" "cache_home" {
  ecr_repository_prefix = "home"
  upstream_registry_url = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
}

variable "cache_partner_role_arn" {
  description = "A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read 444455556666.dkr.ecr.eu-west-1.amazonaws.com"
  type        = string
}

resource "aws_ecr_pull_through_cache_rule" "cache_partner" {
  ecr_repository_prefix = "partner"
  upstream_registry_url = "444455556666.dkr.ecr.eu-west-1.amazonaws.com"
  custom_role_arn       = var.cache_partner_role_arn
}

resource "aws_ecr_pull_through_cache_rule" "cache_prom" {
  ecr_repository_prefix      = "prom"
  upstream_registry_url      = "quay.io"
  upstream_repository_prefix = "prometheus"
}
