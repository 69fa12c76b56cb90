resource "aws_ecr_pull_through_cache_rule" "public" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_ecr_registry_policy" "cache" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TasksMayPull"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/tasks" }
      Action    = ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"]
      Resource  = "arn:aws:ecr:us-east-1:111122223333:repository/ecr-public/*"
    }]
  })
}
