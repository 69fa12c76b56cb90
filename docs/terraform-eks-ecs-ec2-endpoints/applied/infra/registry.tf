# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region us-west-2.

data "aws_caller_identity" "ecr_pull_through_cache" {}

data "aws_partition" "ecr_pull_through_cache" {}

data "aws_region" "ecr_pull_through_cache" {}

locals {
  ecr_pull_through_cache_repositories = "arn:${data.aws_partition.ecr_pull_through_cache.partition}:ecr:${data.aws_region.ecr_pull_through_cache.region}:${data.aws_caller_identity.ecr_pull_through_cache.account_id}:repository"
}

# The files say `local.ecr_registry` for the registry. Each module that does has to define it, once.
locals {
  ecr_registry = "${data.aws_caller_identity.ecr_pull_through_cache.account_id}.dkr.ecr.${data.aws_region.ecr_pull_through_cache.region}.${data.aws_partition.ecr_pull_through_cache.dns_suffix}"
}
