resource "aws_ecs_task_definition" "optional" {
  family = "optional"

  container_definitions = <<-EOT
    [
      {
        "name": "web",
        %{ if var.debug }
        "command": ["nginx-debug"],
        %{ endif ~}
        "image": "public.ecr.aws/nginx/nginx:${var.tag}"
      }
      %{ for name in var.helpers ~}
      , { "name": "${name}", "image": "memcached:1.6" }
      %{ endfor ~}
    ]
  EOT
}
