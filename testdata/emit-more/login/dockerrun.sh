#!/bin/sh
# Nobody logs in: the instances of the environment pull, with the role of their instance profile. This gives it what the
# managed policies of Beanstalk lack. Set INSTANCE_ROLE if it is not the default one.
set -eu
aws iam put-role-policy --role-name "${INSTANCE_ROLE:-aws-elasticbeanstalk-ec2-role}" --policy-name pull-through-cache \
  --policy-document '{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"},
    {"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:BatchImportUpstreamImage",
      "ecr:CreateRepository","ecr:GetDownloadUrlForLayer"],"Resource":["arn:aws:ecr:eu-central-1:111122223333:repository/docker-hub/*","arn:aws:ecr:eu-central-1:111122223333:repository/ecr-public/*","arn:aws:ecr:eu-central-1:111122223333:repository/partner/*","arn:aws:ecr:eu-central-1:111122223333:repository/prom/*"]}]}'
