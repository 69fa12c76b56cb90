# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region eu-west-2.

# For the role of builds that start from cached images and push: log in, pull through the cache, push to one
# repository. Builds of several platforms also read back layers, so the push includes ecr:GetDownloadUrlForLayer.
resource "aws_iam_policy" "ecr_builder" {
  name_prefix = "ecr-builder-"
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
      {
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ]
        Resource = [aws_ecr_repository.bookings.arn]
      },
    ]
  })
}

output "ecr_builder_policy_arn" {
  description = "The policy to attach to the role of builds"
  value       = aws_iam_policy.ecr_builder.arn
}

resource "aws_iam_role_policy_attachment" "builder" {
  role       = aws_iam_role.build.name
  policy_arn = aws_iam_policy.ecr_builder.arn
}
