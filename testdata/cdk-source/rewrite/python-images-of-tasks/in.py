import os
from aws_cdk import Stack, aws_ecs as ecs
from aws_cdk.aws_ecs import ContainerImage

# The image nginx:1.27 of a comment stays.
_IMAGE = "nginx:1.27"
VERSION = os.environ.get("VERSION", "1")


class Web(Stack):
    _CACHE = 'memcached:1.6'

    def __init__(self, scope, construct_id, **kwargs):
        """Docs: ContainerImage.from_registry("redis:7")"""
        super().__init__(scope, construct_id, **kwargs)
        task = ecs.FargateTaskDefinition(self, "Task", cpu=256)
        task.add_container("a", image=ecs.ContainerImage.from_registry("redis:7"))
        task.add_container("b", image=ContainerImage.from_registry('httpd:2'))
        task.add_container("c", image=ecs.ContainerImage.from_registry(name="caddy:2"))
        task.add_container("d", image=ecs.ContainerImage.from_registry(_IMAGE))
        task.add_container("e", image=ecs.ContainerImage.from_registry(self._CACHE))
        task.add_container("f", image=ecs.ContainerImage.from_registry(f"python:{VERSION}-slim"))
        task.add_container("g", image=ecs.ContainerImage.from_registry("mongo:" + VERSION))
        task.add_container(
            "h",
            image=ecs.ContainerImage.from_registry(
                "public.ecr.aws/xray/"
                "aws-xray-daemon:3.3"  # two in one
            ),
        )
        task.add_container("i", image=ecs.ContainerImage.from_registry(r"alpine:3"))
        task.add_container("j", image=ecs.ContainerImage.from_registry("ghost:5" if VERSION else "mysql:9"))
