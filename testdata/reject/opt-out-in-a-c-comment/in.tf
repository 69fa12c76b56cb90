locals {
  image = "docker.io/library/nginx:1" /* ecrewrite: ignore */
}
