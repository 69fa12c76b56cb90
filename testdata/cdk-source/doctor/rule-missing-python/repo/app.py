from aws_cdk import Stack, aws_ecr as ecr, aws_ecs as ecs


class Web(Stack):
    def __init__(self, scope, construct_id, prefix):
        super().__init__(scope, construct_id)
        ecr.CfnPullThroughCacheRule(self, "Rule", ecr_repository_prefix="quay", upstream_registry_url="quay.io")
        task = ecs.Ec2TaskDefinition(self, "Task")
        task.add_container("web", image=ecs.ContainerImage.from_registry("nginx:1.27"))
        task.add_container("b", image=ecs.ContainerImage.from_registry("quay.io/a/b:1"))
