#!/bin/sh
# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# Run once, in account 111122223333, region eu-central-1: what exists already is an error, and stops the script.
set -eu
export AWS_PAGER=''

: "${PULLING_ROLE_ARN:?set it to the ARN of the role that pulls}"
: "${VPC_ID:?set it to the VPC of what pulls}"
: "${SUBNET_IDS:?set it to one subnet for each availability zone of what pulls, with spaces between them}"
: "${ROUTE_TABLE_IDS:?set it to the route tables of the subnets of what pulls, with spaces between them}"
: "${CLIENT_SECURITY_GROUP_IDS:?set it to the security groups of what pulls, with spaces between them}"
: "${BUILDER_REPOSITORY_ARN:?set it to the ARN of the repository that builds push to}"
: "${PULLING_ROLES:?set it to the names of the roles that pull, with spaces between them}"
: "${PULL_THROUGH_CACHE_POLICY_ARN:?set it to the ARN of the policy of whoever pulls}"

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
account=$(aws sts get-caller-identity --query Account --output text)
partition=$(aws sts get-caller-identity --query Arn --output text | cut -d : -f 2)
repositories=arn:$partition:ecr:$region:$account:repository
echo "account $account, region $region" >&2

# Repositories that a pull creates are made like this; those that exist stay as they are. Tags are mutable, or ECR
# would not refresh them. What has lost its tag goes 14 days after it was cached, since a refresh moves the tag and
# would fill the repository; tags stay, because a lifecycle policy does not know which are in use. ECR keeps what an
# image of several platforms consists of as long as that has its tag.
# Leave the lifecycle policy out if you deploy rarely and ECS resolves tags to digests: a task that starts later
# still asks for the digest of its deployment.
# The rule of this prefix exists already. If its template does too, leave this one out.
# No lifecycle policy: references pin digests here. A pinned image loses its tag when the tag moves, and ECR would
# not find it again by its digest.
aws ecr create-repository-creation-template \
  --prefix quay --applied-for PULL_THROUGH_CACHE \
  --description 'Repositories that cache quay.io' \
  --image-tag-mutability MUTABLE --encryption-configuration encryptionType=AES256

# A statement for the policy of the registry. A registry has one policy, and to put another replaces it: merge the
# statement into the one you have. Its principals are the roles that pull. Within one account the policy of these
# roles grants the same, and this statement is no substitute for it.
# Roles of other accounts also need a policy of the repository, as a repository creation template can set it.
echo 'the policy of the registry:' >&2
aws ecr get-registry-policy --query policyText --output text || echo 'it has none' >&2
echo 'the statement to merge into it, for: aws ecr put-registry-policy --policy-text' >&2
cat <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "PullThroughCache",
      "Effect": "Allow",
      "Principal": {
        "AWS": [
          "$PULLING_ROLE_ARN"
        ]
      },
      "Action": [
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository"
      ],
      "Resource": [
        "$repositories/quay/prometheus/prometheus"
      ]
    }
  ]
}
EOF

# Endpoints for subnets without a way to the internet. Leave out those that the VPC has already: a second one with
# private DNS for the same service is refused.
# Adding the gateway endpoint of S3, where the layers are, interrupts open connections to S3 for a moment.
# ECR may still need a route to the internet for the first pull of an image; pull each tag once from a network that
# has one, or keep the NAT gateway until then.
# An endpoint policy of your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and
# ecr:CreateRepository.
group=$(
  aws ec2 create-security-group --group-name ecr-endpoints --vpc-id "$VPC_ID" \
    --description 'Endpoints that image pulls go through' --query GroupId --output text
)
for client in $CLIENT_SECURITY_GROUP_IDS; do
  aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 443 --source-group "$client"
done
for service in ecr.api ecr.dkr logs; do
  # The subnets are several words.
  # shellcheck disable=SC2086
  aws ec2 create-vpc-endpoint --vpc-id "$VPC_ID" --vpc-endpoint-type Interface \
    --service-name "com.amazonaws.$region.$service" --private-dns-enabled \
    --subnet-ids $SUBNET_IDS --security-group-ids "$group"
done
# shellcheck disable=SC2086
aws ec2 create-vpc-endpoint --vpc-id "$VPC_ID" --vpc-endpoint-type Gateway \
  --service-name "com.amazonaws.$region.s3" --route-table-ids $ROUTE_TABLE_IDS

# For the role of builds that start from cached images and push: log in, pull through the cache, push to one
# repository. Builds of several platforms also read back layers, so the push includes ecr:GetDownloadUrlForLayer.
aws iam create-policy --policy-name "ecr-builder-$region" \
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
        "$repositories/quay/prometheus/prometheus"
      ]
    },
    {
      "Effect": "Allow",
      "Action": [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart"
      ],
      "Resource": [
        "$BUILDER_REPOSITORY_ARN"
      ]
    }
  ]
}
EOF

# The files define these roles that pull:
# infra/roles.tf: aws_iam_role.tasks
# stacks/service.yaml: ExecutionRole
for role in $PULLING_ROLES; do
  aws iam attach-role-policy --role-name "$role" --policy-arn "$PULL_THROUGH_CACHE_POLICY_ARN"
done
