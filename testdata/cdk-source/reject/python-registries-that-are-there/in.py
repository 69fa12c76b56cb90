import aws_cdk as cdk
from aws_cdk import Aws, Stack, aws_ecs as ecs

ecs.ContainerImage.from_registry(f"{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27")
ecs.ContainerImage.from_registry(f"{cdk.Aws.ACCOUNT_ID}.dkr.ecr.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:{tag}")
ecs.ContainerImage.from_registry(f"{Stack.of(self).account}.dkr.ecr.{Aws.REGION}.{Stack.of(self).url_suffix}/ecr-public/a/b:1")
ecs.ContainerImage.from_registry("{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1")
