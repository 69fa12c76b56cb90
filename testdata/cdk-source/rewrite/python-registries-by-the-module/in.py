import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs


def image(tag):
    """nginx:1.27 and what is like it."""
    yield ecs.ContainerImage.from_registry("nginx:${TAG}")
    yield ecs.ContainerImage.from_registry("httpd:{}".format(tag))
    yield ecs.ContainerImage.from_registry("redis:%s" % tag)
    return"python:3.13"
