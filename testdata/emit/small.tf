# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region eu-central-1.

data "aws_caller_identity" "ecr_pull_through_cache" {}

data "aws_partition" "ecr_pull_through_cache" {}

data "aws_region" "ecr_pull_through_cache" {}

locals {
  ecr_pull_through_cache_repositories = "arn:${data.aws_partition.ecr_pull_through_cache.partition}:ecr:${data.aws_region.ecr_pull_through_cache.region}:${data.aws_caller_identity.ecr_pull_through_cache.account_id}:repository"
}

resource "aws_ecr_pull_through_cache_rule" "ecr_public" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
}

# ECS: attach the policy to the task execution role, and on EC2 to the container instance role too.
# EKS: attach it to the node role, or on Fargate to the pod execution role.
resource "aws_iam_policy" "ecr_pull_through_cache" {
  name_prefix = "ecr-pull-through-cache-"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:BatchImportUpstreamImage",
          "ecr:CreateRepository",
          "ecr:GetDownloadUrlForLayer",
        ]
        Resource = ["${local.ecr_pull_through_cache_repositories}/ecr-public/*"]
      },
    ]
  })
}

output "ecr_pull_through_cache_policy_arn" {
  description = "The policy to attach to the roles that pull images"
  value       = aws_iam_policy.ecr_pull_through_cache.arn
}
