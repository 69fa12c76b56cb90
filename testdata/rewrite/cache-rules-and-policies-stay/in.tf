resource "aws_ecr_pull_through_cache_rule" "public" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_iam_policy" "login" {
  name        = "login"
  description = "Login to public.ecr.aws"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "ecr-public:GetAuthorizationToken"
      Resource  = "*"
      Condition = { StringEquals = { "aws:ResourceTag/base" = "public.ecr.aws/nginx/nginx" } }
    }]
  })
}

resource "aws_ssm_parameter" "note" {
  name        = "/web/note"
  type        = "String"
  description = "public.ecr.aws/nginx/nginx:1.27"
  value       = "-"
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = jsonencode([{ name = "web", image = "public.ecr.aws/nginx/nginx:1.27" }])
}
