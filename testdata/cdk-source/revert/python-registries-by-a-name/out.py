import pulumi
import pulumi_kubernetes as k8s

k8s.core.v1.Pod("a", spec={"containers": [
    {"image": f"nginx:1.27"},
    {"image": registry + "/ecr-public/docker/library/nginx:1.28"},
]})
