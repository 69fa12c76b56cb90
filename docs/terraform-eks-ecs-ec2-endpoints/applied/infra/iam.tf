# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region us-west-2.

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
          "${local.ecr_pull_through_cache_repositories}/ecr-public/*",
          "${local.ecr_pull_through_cache_repositories}/kubernetes/*",
        ]
      },
    ]
  })
}

output "ecr_pull_through_cache_policy_arn" {
  description = "The policy to attach to the roles that pull images"
  value       = aws_iam_policy.ecr_pull_through_cache.arn
}
