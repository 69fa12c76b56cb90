# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region us-west-2.

resource "aws_ecr_pull_through_cache_rule" "ecr_public" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_ecr_pull_through_cache_rule" "kubernetes" {
  ecr_repository_prefix = "kubernetes"
  upstream_registry_url = "registry.k8s.io"
}
