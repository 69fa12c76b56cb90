locals {
  image = var.image == "nginx:1" ? "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:2" : var.image
  b     = { "nginx:1" = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:3" }
  images = { for k, v in { a = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:4" } : k => v if v != "nginx:5" }
  c_image = replace("nginx:6", "nginx:", "docker.io/library/nginx:")
  d_image = trimprefix("docker.io/library/nginx:1", "docker.io/")
  e_image = split(":", "docker.io/library/nginx:1")[0]
  f_image = join(":", ["111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx", "1"])
  g_image = format("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:%s", var.t)
}
