# The image references in use need these ECR pull-through cache rules, and this policy to pull through them.
# Apply with hashicorp/aws >= 3.70, in account 111122223333, region eu-central-1.

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
        Resource = [
          "arn:aws:ecr:eu-central-1:111122223333:repository/ecr-public/*",
        ]
      },
    ]
  })
}

output "ecr_pull_through_cache_policy_arn" {
  description = "The policy to attach to the roles that pull images"
  value       = aws_iam_policy.ecr_pull_through_cache.arn
}
