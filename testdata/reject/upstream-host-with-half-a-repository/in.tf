locals {
  addons = "public.ecr.aws/eks"
}
