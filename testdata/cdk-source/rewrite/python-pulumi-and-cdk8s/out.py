import json
import pulumi_kubernetes as k8s
import pulumi_aws as aws
from constructs import Construct
import cdk8s_plus_33 as kplus

k8s.apps.v1.Deployment(
    "a",
    spec={"template": {"spec": {"init_containers": [{"name": "a", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.37"}]}}},
)
k8s.core.v1.Pod("b", spec=k8s.core.v1.PodSpecArgs(containers=[k8s.core.v1.ContainerArgs(name="b", image="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27")]))
aws.ecs.TaskDefinition("c", container_definitions=json.dumps([{"name": "c", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"}]))
kplus.Deployment(None, "d", containers=[kplus.ContainerProps(image="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2")])
