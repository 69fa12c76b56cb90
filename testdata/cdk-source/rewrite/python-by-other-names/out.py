import enum

from aws_cdk import aws_ecs as ecs

_from = ecs.ContainerImage.from_registry
_TABLE = {"web": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2"}


class _Images(enum.Enum):
    _WEB = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
    _QUEUE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4"


def cache(image: str = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7", size=1):
    return ecs.ContainerImage.from_registry(image, credentials=None)


def tasks(task, more="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8"):
    _values = {"image": {"repository": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/karpenter/controller", "tag": "1"}}
    _from("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2")
    ecs.ContainerImage.from_registry(_TABLE["web"])
    ecs.ContainerImage.from_registry(_Images._WEB.value)
    ecs.ContainerImage.from_registry(_Images._QUEUE.value)
    ecs.ContainerImage.from_registry(more)
    task.add_property_override("ContainerDefinitions.0.Image", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/postgres:17")
    cluster.add_helm_chart("Karpenter", chart="karpenter", values=_values)
