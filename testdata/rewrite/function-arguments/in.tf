locals {
  front   = coalesce(var.front, "public.ecr.aws/h7d3k5v2/front:8")
  cache   = try(var.pins.cache, "public.ecr.aws/docker/library/redis:7")
  tagged  = format("%s:%s", "public.ecr.aws/h7d3k5v2/codec", var.codec)
  joined  = join(":", ["public.ecr.aws/h7d3k5v2/codec", var.codec])
  short   = trimprefix(var.front, "public.ecr.aws/")
  tracing = lookup(var.pins, "tracing", "public.ecr.aws/xray/aws-xray-daemon:3.3.14")
}
