_EARLY = "redis:7"

from aws_cdk import core, aws_ecs as ecs

ecs.ContainerImage.from_registry(_EARLY)
ecs.ContainerImage.from_registry("nginx:1.27")
