#!/bin/sh
# Logs Docker in to ECR for 12 hours: before docker build, docker compose, docker buildx bake, skaffold.
# Instead of this step, amazon-ecr-credential-helper logs in whenever it is needed, by ~/.docker/config.json:
#   {"credHelpers": {"111122223333.dkr.ecr.eu-central-1.amazonaws.com": "ecr-login"}}
aws ecr get-login-password --region eu-central-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-central-1.amazonaws.com
