locals {
  image   = var.image == "nginx:1" ? "${local.x}/ecr-public/docker/library/nginx:2" : var.image
  d_image = trimprefix("docker.io/library/nginx:1", "docker.io/")
  f_image = join(":", ["${local.x}/ecr-public/docker/library/nginx", "1"])
  g_image = format("${local.x}/ecr-public/docker/library/nginx:%s", var.t)
  h_image = format("${local.x}/ecr-public/docker/library/nginx:%[1]s-alpine", var.t) # nginx:%s
}

resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([
    { name = "web", image = "${local.x}/ecr-public/docker/library/nginx:{{resolve:ssm:/web/tag}}" },
    { name = "both", image = "${local.x}/ecr-public/docker/library/redis:${var.tag}" },
  ])
}

resource "helm_release" "shop" {
  name = "shop"
  values = [<<-EOT
    image: ${local.x}/ecr-public/nginx/nginx:{{ .Chart.AppVersion }}
  EOT
  ]
}
