import enum

from aws_cdk import aws_ecs as ecs

_from = ecs.ContainerImage.from_registry
_TABLE = {"web": "httpd:2"}


class _Images(enum.Enum):
    _WEB = "nginx:1.27"
    _QUEUE = "rabbitmq:4"


def cache(image: str = "redis:7", size=1):
    return ecs.ContainerImage.from_registry(image, credentials=None)


def tasks(task, more="mongo:8"):
    _values = {"image": {"repository": "public.ecr.aws/karpenter/controller", "tag": "1"}}
    _from("caddy:2")
    ecs.ContainerImage.from_registry(_TABLE["web"])
    ecs.ContainerImage.from_registry(_Images._WEB.value)
    ecs.ContainerImage.from_registry(_Images._QUEUE.value)
    ecs.ContainerImage.from_registry(more)
    task.add_property_override("ContainerDefinitions.0.Image", "postgres:17")
    cluster.add_helm_chart("Karpenter", chart="karpenter", values=_values)
