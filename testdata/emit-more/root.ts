// What image references in use need to go through ECR's pull-through cache. The order matters:
// 1. Put this construct into a stack, and grant each role that pulls.
// 2. Deploy that.
// 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
// It belongs into a stack in account 111122223333, region eu-central-1.
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as ecr from "aws-cdk-lib/aws-ecr";
import * as iam from "aws-cdk-lib/aws-iam";
import { Construct, DependencyGroup } from "constructs";

/** A pull through a cache rule. Without import and creation ECR answers "not found". */
const PULL = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:BatchImportUpstreamImage",
  "ecr:CreateRepository",
  "ecr:GetDownloadUrlForLayer",
];
/** What the cache rules fill. */
const REPOSITORIES = [
  "arn:aws:ecr:eu-central-1:111122223333:repository/*",
];
const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "What has lost its tag",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
});

/** What only you know. No secret is in this file. */
export interface EcrPullThroughCacheProps {
  /** A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read 444455556666.dkr.ecr.eu-west-1.amazonaws.com. */
  readonly cacheRootRoleArn: string;
  /** Where the endpoints are created. */
  readonly vpc: ec2.IVpc;
  /** The subnets of those who pull; without them, the private subnets, and the route tables of all. */
  readonly subnets?: ec2.SubnetSelection;
  /** Who pulls: services, or security groups of tasks and nodes. */
  readonly clients: ec2.IConnectable[];
}

/**
 * ECR's pull-through cache:
 *
 *     const cache = new EcrPullThroughCache(this, "EcrPullThroughCache", { … });
 *     cache.grantPull(taskDefinition.obtainExecutionRole());
 *     service.node.addDependency(cache.ready);
 */
export class EcrPullThroughCache extends Construct {
  /**
   * What has to exist before the first pull: let services wait for it.
   * Not for the whole construct: the rules of the endpoints' security group name their clients, and that would be a
   * circle.
   */
  readonly ready = new DependencyGroup();
  /** Whoever pulls needs this; it exists once it is attached. */
  readonly pullPolicy: iam.Policy;

  constructor(scope: Construct, id: string, props: EcrPullThroughCacheProps) {
    super(scope, id);

    this.pullPolicy = new iam.Policy(this, "PullPolicy", {
      statements: [
        new iam.PolicyStatement({ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
        new iam.PolicyStatement({ actions: PULL, resources: this.repositories() }),
      ],
    });
    this.ready.add(this.pullPolicy);

    const cacheRootCacheRule = new ecr.CfnPullThroughCacheRule(this, "CacheRootCacheRule", {
      ecrRepositoryPrefix: "ROOT",
      upstreamRegistryUrl: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
      customRoleArn: props.cacheRootRoleArn,
    });
    this.ready.add(cacheRootCacheRule);

    // Repositories that a pull creates are made like this; those that exist stay as they are. If you have a template of
    // such a prefix already, leave it out here. Tags are mutable, or ECR would not refresh them. What has lost its tag
    // goes 14 days after it was cached.
    this.ready.add(
      new ecr.CfnRepositoryCreationTemplate(this, "CacheRootTemplate", {
        prefix: "ROOT",
        appliedFor: ["PULL_THROUGH_CACHE"],
        description: "Repositories of a pull-through cache rule",
        encryptionConfiguration: { encryptionType: "AES256" },
        imageTagMutability: "MUTABLE",
        lifecyclePolicy: LIFECYCLE,
      }),
    );

    // Endpoints for subnets without a way to the internet. Leave out those that the VPC has already. Adding the gateway
    // endpoint of S3, where the layers are, interrupts open connections to S3 for a moment. ECR may still need a route to
    // the internet for the first pull of an image: pull each tag once from a network that has one. An endpoint policy of
    // your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and ecr:CreateRepository, and one on S3
    // has to allow s3:GetObject on the bucket of the layers.
    const securityGroup = new ec2.SecurityGroup(this, "EndpointSecurityGroup", {
      vpc: props.vpc,
      description: "Endpoints of AWS services, for those who pull images",
      allowAllOutbound: false,
    });
    for (const client of props.clients) {
      securityGroup.connections.allowFrom(client, ec2.Port.tcp(443));
    }
    const services = {
      EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR,
      EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
      Ecs: ec2.InterfaceVpcEndpointAwsService.ECS,
      EcsAgent: ec2.InterfaceVpcEndpointAwsService.ECS_AGENT,
      EcsTelemetry: ec2.InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
      Ec2: ec2.InterfaceVpcEndpointAwsService.EC2,
      Eks: ec2.InterfaceVpcEndpointAwsService.EKS,
      ElasticLoadBalancing: ec2.InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
      Sts: ec2.InterfaceVpcEndpointAwsService.STS,
      Kms: ec2.InterfaceVpcEndpointAwsService.KMS,
      Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      Ssm: ec2.InterfaceVpcEndpointAwsService.SSM,
      SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    };
    for (const [id, service] of Object.entries(services)) {
      this.ready.add(
        new ec2.InterfaceVpcEndpoint(this, `${id}Endpoint`, {
          vpc: props.vpc,
          service,
          subnets: props.subnets,
          privateDnsEnabled: true,
          securityGroups: [securityGroup],
          open: false,
        }),
      );
    }
    this.ready.add(
      new ec2.GatewayVpcEndpoint(this, "S3Endpoint", {
        vpc: props.vpc,
        service: ec2.GatewayVpcEndpointAwsService.S3,
        subnets: props.subnets && [props.subnets],
      }),
    );
  }

  /**
   * Lets a role pull through the cache. On ECS that is the task execution role, and on EC2 the container instance role
   * as well; on EKS it is the node role, or on Fargate the pod execution role. A role that is defined elsewhere in this
   * account is iam.Role.fromRoleName(…).
   */
  grantPull(role: iam.IRole): void {
    role.attachInlinePolicy(this.pullPolicy);
  }

  /** A task execution role that pulls through the cache, for a task definition that has none. */
  executionRole(id: string): iam.Role {
    const role = new iam.Role(this, id, {
      assumedBy: new iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName("service-role/AmazonECSTaskExecutionRolePolicy")],
    });
    this.grantPull(role);
    return role;
  }

  /**
   * Statements for the policy of the registry. A registry has one policy, and another CfnRegistryPolicy would replace
   * it: merge them into the one that you have. Principals are the roles that pull. It is no substitute for
   * the grant of a role in the same account, and roles of other accounts also need a policy of the repository.
   * None of this is applied here.
   */
  registryStatements(principals: iam.IPrincipal[]): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: "PullThroughCache",
        principals,
        actions: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        resources: this.repositories(),
      }),
    ];
  }

  private repositories(): string[] {
    return REPOSITORIES;
  }
}
