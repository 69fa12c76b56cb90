#!/bin/sh
# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Run once, in account 111122223333, region eu-central-1: what exists already is an error, and stops the script.
set -eu
export AWS_PAGER=''

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
account=$(aws sts get-caller-identity --query Account --output text)
partition=$(aws sts get-caller-identity --query Arn --output text | cut -d : -f 2)
repositories=arn:$partition:ecr:$region:$account:repository
echo "account $account, region $region" >&2

aws ecr create-pull-through-cache-rule \
  --ecr-repository-prefix ecr-public --upstream-registry-url public.ecr.aws

# ECS: attach the policy to the task execution role, and on EC2 to the container instance role too.
# EKS: attach it to the node role, or on Fargate to the pod execution role.
aws iam create-policy --policy-name "ecr-pull-through-cache-$region" \
  --query Policy.Arn --output text --policy-document file:///dev/stdin <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "ecr:GetAuthorizationToken",
      "Resource": "*"
    },
    {
      "Effect": "Allow",
      "Action": [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:GetDownloadUrlForLayer"
      ],
      "Resource": [
        "$repositories/ecr-public/*"
      ]
    }
  ]
}
EOF
