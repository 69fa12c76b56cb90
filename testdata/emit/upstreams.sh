#!/bin/sh
# The image references in use need these ECR pull-through cache rules, and this policy to pull through them.
# Run once, in account 111122223333, region eu-central-1: what exists already is an error, and stops the script.
set -eu
export AWS_PAGER=''

: "${CACHE_PARTNER_ROLE_ARN:?set it to a role that ECR may assume, and that may read 444455556666.dkr.ecr.eu-west-1.amazonaws.com}"

account=$(aws sts get-caller-identity --region eu-central-1 --query Account --output text)
if [ "$account" != 111122223333 ]; then
  echo "the credentials are those of account $account, but the rules belong to account 111122223333" >&2
  exit 1
fi

# ECS: attach the policy to the task execution role, and on EC2 to the container instance role too.
# EKS: attach it to the node role, or on Fargate to the pod execution role.
aws iam create-policy --region eu-central-1 --policy-name ecr-pull-through-cache-eu-central-1 \
  --query Policy.Arn --output text --policy-document '{
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
        "arn:aws:ecr:eu-central-1:111122223333:repository/home/*",
        "arn:aws:ecr:eu-central-1:111122223333:repository/partner/*",
        "arn:aws:ecr:eu-central-1:111122223333:repository/prom/*"
      ]
    }
  ]
}'

aws ecr create-pull-through-cache-rule --region eu-central-1 \
  --ecr-repository-prefix home --upstream-registry-url 111122223333.dkr.ecr.us-east-1.amazonaws.com

aws ecr create-pull-through-cache-rule --region eu-central-1 \
  --ecr-repository-prefix partner --upstream-registry-url 444455556666.dkr.ecr.eu-west-1.amazonaws.com \
  --custom-role-arn "$CACHE_PARTNER_ROLE_ARN"

aws ecr create-pull-through-cache-rule --region eu-central-1 \
  --ecr-repository-prefix prom --upstream-registry-url quay.io \
  --upstream-repository-prefix prometheus
