// What image references in use need to go through ECR's pull-through cache. The order matters:
// 1. Put this construct into a stack, and grant each role that pulls.
// 2. Deploy that.
// 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
// It belongs into a stack in account 111122223333, region eu-central-1.
import { SecretValue, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as ecr from "aws-cdk-lib/aws-ecr";
import * as iam from "aws-cdk-lib/aws-iam";
import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import { Construct, DependencyGroup } from "constructs";

/** A pull through a cache rule. Without import and creation ECR answers "not found". */
const PULL = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:BatchImportUpstreamImage",
  "ecr:CreateRepository",
  "ecr:GetDownloadUrlForLayer",
];
const PUSH = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];
/** What the cache rules fill. */
const REPOSITORIES = [
  "docker-hub/*",
  "ecr-public/*",
  "partner/*",
  "prom/*",
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
  /** The user that ECR logs in to registry-1.docker.io as: SecretValue.cfnParameter(…), for example. */
  readonly dockerHubUsername: SecretValue;
  /** An access token of that user. */
  readonly dockerHubAccessToken: SecretValue;
  /** A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read 444455556666.dkr.ecr.eu-west-1.amazonaws.com. */
  readonly cachePartnerRoleArn: string;
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

    // ECR accepts only this beginning of the name, and only the default encryption key.
    const dockerHubSecret = new secretsmanager.Secret(this, "DockerHubSecret", {
      secretName: "ecr-pullthroughcache/docker-hub",
      secretObjectValue: { username: props.dockerHubUsername, accessToken: props.dockerHubAccessToken },
    });

    this.pullPolicy = new iam.Policy(this, "PullPolicy", {
      statements: [
        new iam.PolicyStatement({ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
        new iam.PolicyStatement({ actions: PULL, resources: this.repositories() }),
      ],
    });
    // The policy in between gives ECR the moment that it takes to find a new secret.
    this.pullPolicy.node.addDependency(dockerHubSecret);
    this.ready.add(this.pullPolicy);

    const dockerHubCacheRule = new ecr.CfnPullThroughCacheRule(this, "DockerHubCacheRule", {
      ecrRepositoryPrefix: "docker-hub",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: dockerHubSecret.secretArn,
    });
    dockerHubCacheRule.node.addDependency(this.pullPolicy);
    this.ready.add(dockerHubCacheRule);

    const cachePartnerCacheRule = new ecr.CfnPullThroughCacheRule(this, "CachePartnerCacheRule", {
      ecrRepositoryPrefix: "partner",
      upstreamRegistryUrl: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
      customRoleArn: props.cachePartnerRoleArn,
    });
    this.ready.add(cachePartnerCacheRule);

    const cachePromCacheRule = new ecr.CfnPullThroughCacheRule(this, "CachePromCacheRule", {
      ecrRepositoryPrefix: "prom",
      upstreamRegistryUrl: "quay.io",
      upstreamRepositoryPrefix: "prometheus",
    });
    this.ready.add(cachePromCacheRule);

    // Repositories that a pull creates are made like this; those that exist stay as they are. If you have a template of
    // such a prefix already, leave it out here. Tags are mutable, or ECR would not refresh them. What has lost its tag
    // goes 14 days after it was cached.
    this.ready.add(
      new ecr.CfnRepositoryCreationTemplate(this, "DockerHubTemplate", {
        prefix: "docker-hub",
        appliedFor: ["PULL_THROUGH_CACHE"],
        description: "Repositories of a pull-through cache rule",
        encryptionConfiguration: { encryptionType: "AES256" },
        imageTagMutability: "MUTABLE",
        lifecyclePolicy: LIFECYCLE,
      }),
    );
    // Without a lifecycle policy: references pin digests here, and a pinned image loses its tag when the tag moves. ECR
    // would not find it again by its digest.
    this.ready.add(
      new ecr.CfnRepositoryCreationTemplate(this, "EcrPublicTemplate", {
        prefix: "ecr-public",
        appliedFor: ["PULL_THROUGH_CACHE"],
        description: "Repositories of a pull-through cache rule",
        encryptionConfiguration: { encryptionType: "AES256" },
        imageTagMutability: "MUTABLE",
      }),
    );
    this.ready.add(
      new ecr.CfnRepositoryCreationTemplate(this, "CachePartnerTemplate", {
        prefix: "partner",
        appliedFor: ["PULL_THROUGH_CACHE"],
        description: "Repositories of a pull-through cache rule",
        encryptionConfiguration: { encryptionType: "AES256" },
        imageTagMutability: "MUTABLE",
        lifecyclePolicy: LIFECYCLE,
      }),
    );
    this.ready.add(
      new ecr.CfnRepositoryCreationTemplate(this, "CachePromTemplate", {
        prefix: "prom",
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
      Kms: ec2.InterfaceVpcEndpointAwsService.KMS,
      Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
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
   * Roles that pull, and that other files define:
   * - aws_iam_role.execution in infra/main.tf
   * - the resource ExecutionRole in stack.yaml
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

  /**
   * Lets the role of builds log in, start from cached images, and push to one repository. Builds of several platforms
   * read back layers, so the push includes ecr:GetDownloadUrlForLayer.
   */
  grantBuild(role: iam.IRole, repository: ecr.IRepository): void {
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }));
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: PULL, resources: this.repositories() }));
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: PUSH, resources: [repository.repositoryArn] }));
  }

  private repositories(): string[] {
    return REPOSITORIES.map((name) =>
      Stack.of(this).formatArn({ service: "ecr", resource: "repository", resourceName: name }),
    );
  }
}
