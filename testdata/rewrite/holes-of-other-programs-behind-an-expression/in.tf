locals {
  image   = var.image == "nginx:1" ? "nginx:2" : var.image
  d_image = trimprefix("docker.io/library/nginx:1", "docker.io/")
  f_image = join(":", ["docker.io/library/nginx", "1"])
  g_image = format("docker.io/library/nginx:%s", var.t)
  h_image = format("nginx:%[1]s-alpine", var.t) # nginx:%s
}

resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([
    { name = "web", image = "nginx:{{resolve:ssm:/web/tag}}" },
    { name = "both", image = "redis:${var.tag}" },
  ])
}

resource "helm_release" "shop" {
  name = "shop"
  values = [<<-EOT
    image: public.ecr.aws/nginx/nginx:{{ .Chart.AppVersion }}
  EOT
  ]
}
