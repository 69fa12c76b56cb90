# What image references in use need to go through ECR's pull-through cache. The order matters:
# 1. Put this construct into a stack, and grant each role that pulls.
# 2. Deploy that.
# 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
# It belongs into a stack in account 111122223333, region eu-central-1.

import json

from aws_cdk import aws_ec2 as ec2
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
    "arn:aws:ecr:eu-central-1:111122223333:repository/*",
]
LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "description": "What has lost its tag",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 14,
            },
            "action": {"type": "expire"},
        },
    ],
}


class EcrPullThroughCache(Construct):
    """ECR's pull-through cache:

        cache = EcrPullThroughCache(self, "EcrPullThroughCache", …)
        cache.grant_pull(task_definition.obtain_execution_role())
        service.node.add_dependency(cache.ready)

    What only you know; no secret is in this file:

    cache_root_role_arn: a role that pullthroughcache.ecr.amazonaws.com may assume,
        and that may read 444455556666.dkr.ecr.eu-west-1.amazonaws.com
    vpc: where the endpoints are created
    clients: who pulls: services, or security groups of tasks and nodes
    subnets: the subnets of those who pull; without them, the private subnets,
        and the route tables of all
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cache_root_role_arn: str,
        vpc: ec2.IVpc,
        clients: list[ec2.IConnectable],
        subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        super().__init__(scope, construct_id)

        # What has to exist before the first pull: let services wait for it.
        # Not for the whole construct: the rules of the endpoints' security group name their clients, and that would be a
        # circle.
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

        cache_root_cache_rule = ecr.CfnPullThroughCacheRule(
            self,
            "CacheRootCacheRule",
            ecr_repository_prefix="ROOT",
            upstream_registry_url="444455556666.dkr.ecr.eu-west-1.amazonaws.com",
            custom_role_arn=cache_root_role_arn,
        )
        self.ready.add(cache_root_cache_rule)

        # Repositories that a pull creates are made like this; those that exist stay as they are. If you have a template of
        # such a prefix already, leave it out here. Tags are mutable, or ECR would not refresh them. What has lost its tag
        # goes 14 days after it was cached.
        self.ready.add(
            ecr.CfnRepositoryCreationTemplate(
                self,
                "CacheRootTemplate",
                prefix="ROOT",
                applied_for=["PULL_THROUGH_CACHE"],
                description="Repositories of a pull-through cache rule",
                encryption_configuration=ecr.CfnRepositoryCreationTemplate.EncryptionConfigurationProperty(
                    encryption_type="AES256",
                ),
                image_tag_mutability="MUTABLE",
                lifecycle_policy=json.dumps(LIFECYCLE, separators=(",", ":")),
            )
        )

        # Endpoints for subnets without a way to the internet. Leave out those that the VPC has already. Adding the gateway
        # endpoint of S3, where the layers are, interrupts open connections to S3 for a moment. ECR may still need a route to
        # the internet for the first pull of an image: pull each tag once from a network that has one. An endpoint policy of
        # your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and ecr:CreateRepository, and one on S3
        # has to allow s3:GetObject on the bucket of the layers.
        security_group = ec2.SecurityGroup(
            self,
            "EndpointSecurityGroup",
            vpc=vpc,
            description="Endpoints of AWS services, for those who pull images",
            allow_all_outbound=False,
        )
        for client in clients:
            security_group.connections.allow_from(client, ec2.Port.tcp(443))
        services = {
            "EcrApi": ec2.InterfaceVpcEndpointAwsService.ECR,
            "EcrDocker": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
            "Ecs": ec2.InterfaceVpcEndpointAwsService.ECS,
            "EcsAgent": ec2.InterfaceVpcEndpointAwsService.ECS_AGENT,
            "EcsTelemetry": ec2.InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
            "Ec2": ec2.InterfaceVpcEndpointAwsService.EC2,
            "Eks": ec2.InterfaceVpcEndpointAwsService.EKS,
            "ElasticLoadBalancing": ec2.InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
            "Sts": ec2.InterfaceVpcEndpointAwsService.STS,
            "Kms": ec2.InterfaceVpcEndpointAwsService.KMS,
            "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
            "Ssm": ec2.InterfaceVpcEndpointAwsService.SSM,
            "SecretsManager": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
        }
        for name, service in services.items():
            self.ready.add(
                ec2.InterfaceVpcEndpoint(
                    self,
                    f"{name}Endpoint",
                    vpc=vpc,
                    service=service,
                    subnets=subnets,
                    private_dns_enabled=True,
                    security_groups=[security_group],
                    open=False,
                )
            )
        self.ready.add(
            ec2.GatewayVpcEndpoint(
                self,
                "S3Endpoint",
                vpc=vpc,
                service=ec2.GatewayVpcEndpointAwsService.S3,
                subnets=[subnets] if subnets else None,
            )
        )

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

    def registry_statements(self, principals: list[iam.IPrincipal]) -> list[iam.PolicyStatement]:
        """Statements for the policy of the registry. A registry has one policy, and another CfnRegistryPolicy would replace
        it: merge them into the one that you have. Principals are the roles that pull. It is no substitute for
        the grant of a role in the same account, and roles of other accounts also need a policy of the repository.
        None of this is applied here.
        """
        return [
            iam.PolicyStatement(
                sid="PullThroughCache",
                principals=principals,
                actions=["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
                resources=self._repositories(),
            ),
        ]

    def _repositories(self) -> list[str]:
        return REPOSITORIES
