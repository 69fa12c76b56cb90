from aws_cdk import aws_iam as iam

# Images are pulled through the cache.
PULL = iam.PolicyStatement(
    actions=["ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:BatchGetImage"],
    resources=["*"],
)
