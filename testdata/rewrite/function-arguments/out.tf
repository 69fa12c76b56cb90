locals {
  front   = coalesce(var.front, "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/front:8")
  cache   = try(var.pins.cache, "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7")
  tagged  = format("%s:%s", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/codec", var.codec)
  joined  = join(":", ["111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/codec", var.codec])
  short   = trimprefix(var.front, "public.ecr.aws/")
  tracing = lookup(var.pins, "tracing", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon:3.3.14")
}
