from aws_cdk import Stack, aws_ecs as ecs
from aws_cdk import Aws

ecs.ContainerImage.from_registry(f"nginx:1.27")
ecs.ContainerImage.from_registry(f"nginx:${{TAG}}")
ecs.ContainerImage.from_registry(f"nginx:" + tag)
ecs.ContainerImage.from_registry(f"public.ecr.aws/a/b:{tag}")
