#!/bin/sh
# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Run once, in account 111122223333, region eu-central-1: what exists already is an error, and stops the script.
set -eu
export AWS_PAGER=''

: "${DOCKER_HUB_USERNAME:?set it to the user that ECR logs in to docker-hub as}"
: "${DOCKER_HUB_ACCESS_TOKEN:?set it to an access token of that user}"

region=eu-central-1
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != 111122223333 ]; then
  echo "the credentials are those of account $account, but the rules belong to account 111122223333" >&2
  exit 1
fi

quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# The secret goes through a pipe, because other users of the machine can see arguments.
docker_hub_arn=$(
  printf '{"username":%s,"accessToken":%s}' "$(quoted "$DOCKER_HUB_USERNAME")" "$(quoted "$DOCKER_HUB_ACCESS_TOKEN")" |
    aws secretsmanager create-secret --name ecr-pullthroughcache/docker-hub \
      --secret-string file:///dev/stdin --query ARN --output text
)

# ECR reads a secret when its rule is created, and does not find it in its first seconds.
sleep 15

aws ecr create-pull-through-cache-rule \
  --ecr-repository-prefix docker-hub --upstream-registry-url registry-1.docker.io \
  --credential-arn "$docker_hub_arn"

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
        "arn:aws:ecr:eu-central-1:111122223333:repository/docker-hub/*",
        "arn:aws:ecr:eu-central-1:111122223333:repository/ecr-public/*"
      ]
    }
  ]
}
EOF
