_EARLY = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"

from aws_cdk import core, aws_ecs as ecs

ecs.ContainerImage.from_registry(_EARLY)
ecs.ContainerImage.from_registry(f"{core.Aws.ACCOUNT_ID}.dkr.ecr.{core.Aws.REGION}.{core.Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27")
