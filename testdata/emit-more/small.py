# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this construct into a stack, and grant each role that pulls.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# It belongs into a stack in account 111122223333, region eu-central-1.

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct, DependencyGroup

# A pull through a cache rule. Without import and creation ECR answers "not found".
PULL = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
]
# What the cache rules fill.
REPOSITORIES = [
    "ecr-public/*",
]


class EcrPullThroughCache(Construct):
    """ECR's pull-through cache:

        cache = EcrPullThroughCache(self, "EcrPullThroughCache")
        cache.grant_pull(task_definition.obtain_execution_role())
        service.node.add_dependency(cache.ready)
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        # What has to exist before the first pull: let services wait for it.
        self.ready = DependencyGroup()

        self.pull_policy = iam.Policy(
            self,
            "PullPolicy",
            statements=[
                iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]),
                iam.PolicyStatement(actions=PULL, resources=self._repositories()),
            ],
        )
        self.ready.add(self.pull_policy)

        ecr_public_cache_rule = ecr.CfnPullThroughCacheRule(
            self,
            "EcrPublicCacheRule",
            ecr_repository_prefix="ecr-public",
            upstream_registry_url="public.ecr.aws",
        )
        self.ready.add(ecr_public_cache_rule)

    def grant_pull(self, role: iam.IRole) -> None:
        """Lets a role pull through the cache. On ECS that is the task execution role, and on EC2 the container instance role
        as well; on EKS it is the node role, or on Fargate the pod execution role. A role that is defined elsewhere in this
        account is iam.Role.from_role_name(…).
        """
        role.attach_inline_policy(self.pull_policy)

    def execution_role(self, construct_id: str) -> iam.Role:
        """A task execution role that pulls through the cache, for a task definition that has none."""
        role = iam.Role(
            self,
            construct_id,
            assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonECSTaskExecutionRolePolicy"),
            ],
        )
        self.grant_pull(role)
        return role

    def _repositories(self) -> list[str]:
        stack = Stack.of(self)
        return [
            stack.format_arn(service="ecr", resource="repository", resource_name=name)
            for name in REPOSITORIES
        ]
