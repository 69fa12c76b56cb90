"""An app."""
from __future__ import annotations

import os
from aws_cdk import Stack, aws_ecs as ecs

TAG = os.environ["TAG"]


class Web(Stack):
    def __init__(self, scope, construct_id, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        task = ecs.FargateTaskDefinition(self, "Task")
        task.add_container("a", image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx:1.27"))
        task.add_container("b", image=ecs.ContainerImage.from_registry(f'redis:{TAG}'))
        if TAG:
            task.add_container("c", image=ecs.ContainerImage.from_registry("httpd"))
        for name in ["d"]:
            task.add_container(name, image=ecs.ContainerImage.from_registry("httpd:2"))
        task.add_container("e", image=ecs.ContainerImage.from_registry(name="caddy:2"))
        images = [ecs.ContainerImage.from_registry("httpd:2") for _ in range(2)]


def build(scope):
    return ecs.ContainerImage.from_registry("mongo:8")
