#!/usr/bin/env python3
"""A service and its worker."""
from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from constructs import Construct

CACHE = "redis:7.4-alpine"


class Service(Construct):
    TRACES = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1"

    def __init__(self, scope: Construct, construct_id: str, *, version: str) -> None:
        super().__init__(scope, construct_id)
        task = ecs.FargateTaskDefinition(self, "Task")
        task.add_container("web", image=ecs.ContainerImage.from_registry(f"nginx:{version}"))
        task.add_container("cache", image=ecs.ContainerImage.from_registry(CACHE))
        task.add_container("traces", image=ecs.ContainerImage.from_registry(self.TRACES))
        task.add_container(
            "pinned",
            image=ecs.ContainerImage.from_registry(
                "public.ecr.aws/docker/library/busybox@sha256:"
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            ),
        )
        for name in ("first", "second"):
            task.add_container(name, image=ecs.ContainerImage.from_registry("memcached:1.6"))
        task.add_container("worker", image=ecs.ContainerImage.from_registry('public.ecr.aws/docker/library/python:3.13'))
        ecs.CfnTaskDefinition(
            self,
            "Low",
            container_definitions=[
                ecs.CfnTaskDefinition.ContainerDefinitionProperty(name="low", image="httpd:2.4", memory=64)
            ],
        )


app = cdk.App()
stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1"))
Service(stack, "One", version="1.27.2")
Service(stack, "Other", version="1.26")
app.synth()
