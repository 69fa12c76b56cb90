resource "kubernetes_deployment_v1" "kiosk" {
  metadata {
    name = "kiosk"
  }
  spec {
    template {
      spec {
        init_container {
          name  = "wait"
          image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.36"
        }
        container {
          name  = "kiosk"
          image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${var.tag}"
          env {
            name  = "BASE"
            value = "nginx:1.27"
          }
        }
        dynamic "init_container" {
          for_each = var.fixtures
          content {
            name  = init_container.key
            image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/ruby:3.3"
          }
        }
      }
    }
  }
}

resource "kubernetes_cron_job_v1" "tides" {
  metadata { name = "tides" }
  spec {
    schedule = "40 4 * * *"
    job_template {
      metadata {}
      spec {
        template {
          metadata {}
          spec {
            container {
              name  = "tides"
              image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.13"
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_pod" "shell" {
  metadata { name = "shell" }
  spec {
    container {
      name  = "shell"
      image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/bash"
    }
  }
}
