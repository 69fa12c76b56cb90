from aws_cdk import aws_ecs as ecs


def web():
    image = "nginx:1.27"
    return ecs.ContainerImage.from_registry(image)


def queue():
    image = "rabbitmq:4"
    return ecs.ContainerImage.from_registry(image)


def cache(image="redis:7"):
    return ecs.ContainerImage.from_registry(image)
