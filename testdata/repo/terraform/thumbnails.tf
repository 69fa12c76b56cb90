# Scales the pictures of products.

resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.thumbnails.arn
  package_type  = "Image"
  image_uri     = "public.ecr.aws/lambda/nodejs:22" # until the pipeline has pushed the first build
}
