import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

make = ecs.ContainerImage.from_registry
_images = [ecs.ContainerImage.from_registry(name) for name in ["nginx:1", "redis:7"]]
getattr(ecs.ContainerImage, "from_registry")("nginx:1")
ecs.ContainerImage.from_registry(b"nginx:1")
ecs.ContainerImage.from_registry(None)


class Images(enum.Enum):
    WEB = "nginx:1"


def cache(image: str = "redis:7", *, size=1):
    print(image)
    return ecs.ContainerImage.from_registry(image)


ecs.ContainerImage.from_registry(Images.WEB.value)
_POD = """
apiVersion: v1
kind: Pod
spec:
  containers:
    - image: nginx:1.27
"""
template.has_resource_properties("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Image": "nginx:1"}]})
docker.RemoteImage("a", name="httpd:2")
enum(ecs.ContainerImage.from_registry, ["nginx:1"])
