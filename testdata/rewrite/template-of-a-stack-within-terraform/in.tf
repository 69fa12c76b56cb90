resource "aws_cloudformation_stack" "shop" {
  name          = "shop"
  template_body = <<-EOT
    Parameters:
      Tag: {Type: String}
      CacheImage:
        Type: String
        Default: redis:7
    Resources:
      Task:
        Type: AWS::ECS::TaskDefinition
        Properties:
          Family: nginx
          ContainerDefinitions:
            - Name: web
              Image: nginx:1.27 # no !Sub
            - Name: api
              Image: !Sub "public.ecr.aws/h7d3k5v2/api:$${Tag}"
            - Name: cache
              Image: !Ref CacheImage
  EOT
}

resource "aws_cloudformation_stack" "desk" {
  name = "desk"
  template_body = jsonencode({
    Resources = {
      Task = {
        Type       = "AWS::ECS::TaskDefinition"
        Properties = { ContainerDefinitions = [{ Name = "web", Image = "nginx:1.27" }] }
      }
    }
  })
}
