module "network" {
  source = "git::https://git.example.com/platform/network.git"
  cidr   = "10.60.0.0/16"
}
