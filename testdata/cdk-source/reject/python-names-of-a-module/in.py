from aws_cdk import aws_ecs as ecs

IMAGE = "nginx:1.27"


class Images:
    WEB = "httpd:2"

    def __init__(self):
        self.base = "redis:7"
        ecs.ContainerImage.from_registry(self.base)
        ecs.ContainerImage.from_registry(self.WEB)


ecs.ContainerImage.from_registry(IMAGE)
