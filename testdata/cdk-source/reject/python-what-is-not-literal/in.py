import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from .images import OTHER

SHARED = "nginx:1.27"
REGISTRY = "docker.io"


def images(name, version=SHARED):
    return [
        ecs.ContainerImage.from_registry(name),
        ecs.ContainerImage.from_registry(OTHER),
        ecs.ContainerImage.from_registry(SHARED),
        ecs.ContainerImage.from_registry(f"{REGISTRY}/library/nginx:1"),
        ecs.ContainerImage.from_registry("nginx:%s" % version),
        ecs.ContainerImage.from_registry("nginx:{}".format(version)),
        ecs.ContainerImage.from_registry(os.environ["IMAGE"]),
        ecs.ContainerImage.from_registry("nginx:1", credentials=name),
        ecs.ContainerImage.from_registry("private.example.com/a/b:1"),
        ecs.ContainerImage.from_registry(*name),
        ecs.ContainerImage.from_asset("image"),
    ]
