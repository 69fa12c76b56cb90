"""An app."""
from __future__ import annotations

import os
from aws_cdk import Stack, aws_ecs as ecs
from aws_cdk.aws_ecr import Repository

TAG = os.environ["TAG"]


class Web(Stack):
    def __init__(self, scope, construct_id, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        task = ecs.FargateTaskDefinition(self, "Task")
        task.add_container("a", image=ecs.ContainerImage.from_ecr_repository(Repository.from_repository_name(self, "EcrPublicNginxNginx", "ecr-public/nginx/nginx"), "1.27"))
        task.add_container("b", image=ecs.ContainerImage.from_ecr_repository(Repository.from_repository_name(self, 'EcrPublicDockerLibraryRedis', 'ecr-public/docker/library/redis'), f'{TAG}'))
        if TAG:
            task.add_container("c", image=ecs.ContainerImage.from_ecr_repository(Repository.from_repository_name(self, "EcrPublicDockerLibraryHttpd", "ecr-public/docker/library/httpd")))
        for name in ["d"]:
            task.add_container(name, image=ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2"))
        task.add_container("e", image=ecs.ContainerImage.from_registry(name="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2"))
        images = [ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2") for _ in range(2)]


def build(scope):
    return ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8")
