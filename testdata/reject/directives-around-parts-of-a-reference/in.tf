locals {
  one_image   = "%{ if var.x }nginx%{ endif }:1"
  two_image   = "%{ if var.x }nginx%{ else }%{ endif }"
  three_image = "a%{ if var.x }nginx:1%{ else }redis:2%{ endif }"
}
