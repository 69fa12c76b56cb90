resource "aws_ecr_pull_through_cache_rule" "public" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_nat_gateway" "egress" {
  allocation_id = aws_eip.egress.id
  subnet_id     = aws_subnet.public.id
}

module "web" {
  source = "./modules/service"
}

resource "aws_iam_policy" "cache" {
  policy = data.aws_iam_policy_document.cache.json
}

data "aws_iam_policy_document" "cache" {
  statement {
    actions   = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]
    resources = ["arn:aws:ecr:us-east-1:111122223333:repository/ecr-public/*"]
  }
}

resource "aws_iam_role_policy_attachment" "cache" {
  role       = module.web.execution_role_name
  policy_arn = aws_iam_policy.cache.arn
}
