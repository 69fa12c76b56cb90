locals {
  settings = {
    ecr_host  = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
    web_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
    tasks     = { front = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/front:8" } }
  }
  settings_old = { web_image = "${local.settings.ecr_host}/ecr-public/docker/library/redis:7" }
  db_image     = "${local.settings.ecr_host}/ecr-public/docker/library/postgres:16"
}
