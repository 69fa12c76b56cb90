#!/bin/sh
# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Run once, in account 111122223333, region eu-central-1: what exists already is an error, and stops the script.
set -eu
export AWS_PAGER=''

: "${CACHE_PARTNER_ROLE_ARN:?set it to a role that ECR may assume, and that may read 444455556666.dkr.ecr.eu-west-1.amazonaws.com}"

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
account=$(aws sts get-caller-identity --query Account --output text)
echo "account $account, region $region" >&2

aws ecr create-pull-through-cache-rule \
  --ecr-repository-prefix home --upstream-registry-url 111122223333.dkr.ecr.us-east-1.amazonaws.com

aws ecr create-pull-through-cache-rule \
  --ecr-repository-prefix partner --upstream-registry-url 444455556666.dkr.ecr.eu-west-1.amazonaws.com \
  --custom-role-arn "$CACHE_PARTNER_ROLE_ARN"

aws ecr create-pull-through-cache-rule \
  --ecr-repository-prefix prom --upstream-registry-url quay.io \
  --upstream-repository-prefix prometheus
