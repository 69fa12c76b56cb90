from aws_cdk import Stack, aws_ecs as ecs
from aws_cdk import Aws

ecs.ContainerImage.from_registry(f"{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27")
ecs.ContainerImage.from_registry(f"{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:${{TAG}}")
ecs.ContainerImage.from_registry(f"{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:" + tag)
ecs.ContainerImage.from_registry(f"{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}/ecr-public/a/b:{tag}")
