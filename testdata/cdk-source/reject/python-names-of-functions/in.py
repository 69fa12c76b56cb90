from aws_cdk import aws_ecs as ecs

_image = "nginx:1.27"
_other = "redis:7"


def web():
    global _image
    _image = "rabbitmq:4"
    return ecs.ContainerImage.from_registry(_image)


def cache(_other):
    return ecs.ContainerImage.from_registry(_other)
