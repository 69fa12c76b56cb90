from aws_cdk import aws_ecs as ecs


def web():
    image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
    return ecs.ContainerImage.from_registry(image)


def queue():
    image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4"
    return ecs.ContainerImage.from_registry(image)


def cache(image="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"):
    return ecs.ContainerImage.from_registry(image)
