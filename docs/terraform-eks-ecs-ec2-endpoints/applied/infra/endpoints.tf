# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region us-west-2.

# Endpoints for subnets without a way to the internet. Leave out those that the VPC has already: a second one with
# private DNS for the same service is refused.
# Adding the gateway endpoint of S3, where the layers are, interrupts open connections to S3 for a moment.
# ECR may still need a route to the internet for the first pull of an image; pull each tag once from a network that
# has one, or keep the NAT gateway until then.
# An endpoint policy of your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and
# ecr:CreateRepository.

resource "aws_security_group" "ecr_endpoints" {
  name_prefix = "ecr-endpoints-"
  description = "Endpoints that image pulls go through"
  vpc_id      = aws_vpc.weather.id

  ingress {
    description = "HTTPS from what pulls"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    security_groups = [
      aws_security_group.instances.id,
      aws_eks_cluster.weather.vpc_config[0].cluster_security_group_id,
    ]
  }
}

resource "aws_vpc_endpoint" "ecr_interface" {
  for_each = toset([
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "eks",
    "elasticloadbalancing",
    "sts",
  ])

  vpc_id              = aws_vpc.weather.id
  service_name        = "com.amazonaws.${data.aws_region.ecr_pull_through_cache.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.private_a.id, aws_subnet.private_b.id]
  security_group_ids  = [aws_security_group.ecr_endpoints.id]
}

resource "aws_vpc_endpoint" "ecr_layers" {
  vpc_id            = aws_vpc.weather.id
  service_name      = "com.amazonaws.${data.aws_region.ecr_pull_through_cache.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
}
