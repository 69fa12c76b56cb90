// What image references in use need to go through ECR's pull-through cache. The order matters:
// 1. Put this construct into a stack, and grant each role that pulls.
// 2. Deploy that.
// 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
// It belongs into a stack in account 111122223333, region us-east-1.
import { Stack } from "aws-cdk-lib";
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
  "ecr-public/*",
];

/** What only you know. No secret is in this file. */
export interface EcrPullThroughCacheProps {
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

    const ecrPublicCacheRule = new ecr.CfnPullThroughCacheRule(this, "EcrPublicCacheRule", {
      ecrRepositoryPrefix: "ecr-public",
      upstreamRegistryUrl: "public.ecr.aws",
    });
    this.ready.add(ecrPublicCacheRule);

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
      Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
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

  private repositories(): string[] {
    return REPOSITORIES.map((name) =>
      Stack.of(this).formatArn({ service: "ecr", resource: "repository", resourceName: name }),
    );
  }
}
