locals {
  settings = {
    ecr_host  = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
    web_image = "nginx:1.27"
    tasks     = { front = { image = "public.ecr.aws/h7d3k5v2/front:8" } }
  }
  settings_old = { web_image = "redis:7" }
  db_image     = "postgres:16"
}
