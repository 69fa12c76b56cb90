from aws_cdk import Stack, aws_ecs as ecs


class Web(Stack):
    _FIRST = ecs.ContainerImage.from_registry("redis:6")

    def __init__(self, scope, id):
        super().__init__(scope, id, image=ecs.ContainerImage.from_registry("redis:7"))
        ecs.ContainerImage.from_registry("nginx:1.27")

    def image(self):
        return ecs.ContainerImage.from_registry("nginx:1.28")

    @staticmethod
    def other(this):
        return ecs.ContainerImage.from_registry("nginx:1.29")
