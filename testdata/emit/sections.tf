# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 5.61, in account 111122223333, region eu-central-1.

data "aws_caller_identity" "ecr_pull_through_cache" {}

data "aws_partition" "ecr_pull_through_cache" {}

data "aws_region" "ecr_pull_through_cache" {}

locals {
  ecr_pull_through_cache_repositories = "arn:${data.aws_partition.ecr_pull_through_cache.partition}:ecr:${data.aws_region.ecr_pull_through_cache.name}:${data.aws_caller_identity.ecr_pull_through_cache.account_id}:repository"
}

# Repositories that a pull creates are made like this; those that exist stay as they are. Tags are mutable, or ECR
# would not refresh them. What has lost its tag goes 14 days after it was cached, since a refresh moves the tag and
# would fill the repository; tags stay, because a lifecycle policy does not know which are in use. ECR keeps what an
# image of several platforms consists of as long as that has its tag.
# Leave the lifecycle policy out if you deploy rarely and ECS resolves tags to digests: a task that starts later
# still asks for the digest of its deployment.

# The rule of this prefix exists already. If its template does too, leave this one out.
# No lifecycle policy: references pin digests here. A pinned image loses its tag when the tag moves, and ECR would
# not find it again by its digest.
resource "aws_ecr_repository_creation_template" "quay" {
  prefix               = "quay"
  applied_for          = ["PULL_THROUGH_CACHE"]
  description          = "Repositories that cache quay.io"
  image_tag_mutability = "MUTABLE"

  encryption_configuration {
    encryption_type = "AES256"
  }
}

variable "ecr_pull_through_cache_principals" {
  description = "The ARNs of the roles that pull, for the policy of the registry"
  type        = list(string)
}

# A statement for the policy of the registry. A registry has one policy, and to put another replaces it: merge the
# statement into the one you have. Its principals are the roles that pull. Within one account the policy of these
# roles grants the same, and this statement is no substitute for it.
# Roles of other accounts also need a policy of the repository, as a repository creation template can set it.
locals {
  ecr_pull_through_cache_registry_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "PullThroughCache"
        Effect = "Allow"
        Principal = {
          AWS = var.ecr_pull_through_cache_principals
        }
        Action = [
          "ecr:BatchImportUpstreamImage",
          "ecr:CreateRepository",
        ]
        Resource = ["${local.ecr_pull_through_cache_repositories}/quay/prometheus/prometheus"]
      },
    ]
  })
}

output "ecr_pull_through_cache_registry_policy" {
  description = "To be merged into the one policy of the registry"
  value       = local.ecr_pull_through_cache_registry_policy
}

# Endpoints for subnets without a way to the internet. Leave out those that the VPC has already: a second one with
# private DNS for the same service is refused.
# Adding the gateway endpoint of S3, where the layers are, interrupts open connections to S3 for a moment.
# ECR may still need a route to the internet for the first pull of an image; pull each tag once from a network that
# has one, or keep the NAT gateway until then.
# An endpoint policy of your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and
# ecr:CreateRepository.

variable "ecr_endpoints_vpc_id" {
  description = "The VPC of what pulls"
  type        = string
}

variable "ecr_endpoints_subnet_ids" {
  description = "One subnet for each availability zone of what pulls"
  type        = list(string)
}

variable "ecr_endpoints_route_table_ids" {
  description = "The route tables of the subnets of what pulls"
  type        = list(string)
}

variable "ecr_endpoints_client_security_group_ids" {
  description = "The security groups of what pulls: of tasks, or of nodes"
  type        = list(string)
}

resource "aws_security_group" "ecr_endpoints" {
  name_prefix = "ecr-endpoints-"
  description = "Endpoints that image pulls go through"
  vpc_id      = var.ecr_endpoints_vpc_id

  ingress {
    description     = "HTTPS from what pulls"
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = var.ecr_endpoints_client_security_group_ids
  }
}

resource "aws_vpc_endpoint" "ecr_interface" {
  for_each = toset([
    "ecr.api",
    "ecr.dkr",
    "logs",
  ])

  vpc_id              = var.ecr_endpoints_vpc_id
  service_name        = "com.amazonaws.${data.aws_region.ecr_pull_through_cache.name}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = var.ecr_endpoints_subnet_ids
  security_group_ids  = [aws_security_group.ecr_endpoints.id]
}

resource "aws_vpc_endpoint" "ecr_layers" {
  vpc_id            = var.ecr_endpoints_vpc_id
  service_name      = "com.amazonaws.${data.aws_region.ecr_pull_through_cache.name}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = var.ecr_endpoints_route_table_ids
}

variable "ecr_builder_repository_arn" {
  description = "The repository that builds push to"
  type        = string
}

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
        Resource = ["${local.ecr_pull_through_cache_repositories}/quay/prometheus/prometheus"]
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
        Resource = [var.ecr_builder_repository_arn]
      },
    ]
  })
}

output "ecr_builder_policy_arn" {
  description = "The policy to attach to the role of builds"
  value       = aws_iam_policy.ecr_builder.arn
}

variable "ecr_pull_through_cache_policy_arn" {
  description = "The policy of whoever pulls"
  type        = string
}

# These refer to roles of infra: put them there.

# Defined in infra/roles.tf.
resource "aws_iam_role_policy_attachment" "ecr_pull_through_cache_tasks" {
  role       = aws_iam_role.tasks.name
  policy_arn = var.ecr_pull_through_cache_policy_arn
}

# The role ExecutionRole of stacks/service.yaml is CloudFormation's, and needs the policy too.
