from aws_cdk import Stack, aws_ecs as ecs


class Web(Stack):
    _FIRST = ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:6")

    def __init__(self, scope, id):
        super().__init__(scope, id, image=ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"))
        ecs.ContainerImage.from_registry(f"{self.account}.dkr.ecr.{self.region}.amazonaws.com/ecr-public/docker/library/nginx:1.27")

    def image(self):
        return ecs.ContainerImage.from_registry(f"{self.account}.dkr.ecr.{self.region}.amazonaws.com/ecr-public/docker/library/nginx:1.28")

    @staticmethod
    def other(this):
        return ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.29")
