resource "aws_iam_role" "execution" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "standard" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "cache" {
  statement {
    sid       = "FirstPull"
    actions   = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]
    resources = ["arn:${data.aws_partition.current.partition}:ecr:${var.region}:${local.account}:repository/ecr-public/*"]
  }
}

resource "aws_iam_policy" "cache" {
  name   = "cache"
  policy = data.aws_iam_policy_document.cache.json
}

resource "aws_iam_role_policy_attachment" "cache" {
  role       = aws_iam_role.execution.name
  policy_arn = aws_iam_policy.cache.arn
}
