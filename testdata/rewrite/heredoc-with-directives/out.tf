resource "aws_ecs_task_definition" "optional" {
  family = "optional"

  container_definitions = <<-EOT
    [
      {
        "name": "web",
        %{ if var.debug }
        "command": ["nginx-debug"],
        %{ endif ~}
        "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${var.tag}"
      }
      %{ for name in var.helpers ~}
      , { "name": "${name}", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached:1.6" }
      %{ endfor ~}
    ]
  EOT
}
