from __future__ import annotations

from aws_cdk import Stack
from aws_cdk.aws_ecs import ContainerImage, FargateTaskDefinition
from constructs import Construct
import json

_CACHE = 'redis:7.4'


class Web(Stack):
    _OLD = """memcached:1.6"""

    def __init__(self, scope: Construct, id: str, *, tag: str) -> None:
        super().__init__(scope, id)
        task = FargateTaskDefinition(self, "Task")
        task.add_container("web", image=ContainerImage.from_registry("nginx:1.27"))
        task.add_container("tagged", image=ContainerImage.from_registry(f"httpd:{tag}"))
        task.add_container("sum", image=ContainerImage.from_registry("python:" + tag))
        task.add_container("cache", image=ContainerImage.from_registry(_CACHE))
        task.add_container("old", image=ContainerImage.from_registry(self._OLD))
        task.add_container("raw", image=ContainerImage.from_registry(r'ruby:3'))
        task.add_container("raw and filled in", image=ContainerImage.from_registry(rf'ruby:{tag}'))
        task.add_container("once", image=ContainerImage.from_registry(u"golang:1"))
        task.add_container("long", image=ContainerImage.from_registry(
            "public.ecr.aws/docker/library/busybox@sha256:"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ))
        task.add_container("one of two", image=ContainerImage.from_registry("php:8" if tag else "php:9"))
