# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Apply with hashicorp/aws >= 6.0, in account 111122223333, region us-west-2.

# These refer to roles of infra: put them there.

# Defined in infra/cluster.tf.
resource "aws_iam_role_policy_attachment" "ecr_pull_through_cache_node" {
  role       = aws_iam_role.node.name
  policy_arn = aws_iam_policy.ecr_pull_through_cache.arn
}
