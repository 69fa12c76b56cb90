# The image references in use need these ECR pull-through cache rules, and this policy to pull through them.
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
        Resource = [
          "arn:aws:ecr:eu-central-1:111122223333:repository/home/*",
          "arn:aws:ecr:eu-central-1:111122223333:repository/partner/*",
          "arn:aws:ecr:eu-central-1:111122223333:repository/prom/*",
        ]
      },
    ]
  })
}

output "ecr_pull_through_cache_policy_arn" {
  description = "The policy to attach to the roles that pull images"
  value       = aws_iam_policy.ecr_pull_through_cache.arn
}
