resource "docker_image" "kiosk" {
  name = "public.ecr.aws/h7d3k5v2/kiosk:dev"

  build {
    context = "./kiosk"
    tag     = ["public.ecr.aws/h7d3k5v2/kiosk:latest"]
  }
}
