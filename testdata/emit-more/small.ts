// What image references in use need to go through ECR's pull-through cache. The order matters:
// 1. Put this construct into a stack, and grant each role that pulls.
// 2. Deploy that.
// 3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.
// It belongs into a stack in account 111122223333, region eu-central-1.
import { Stack } from "aws-cdk-lib";
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

/**
 * ECR's pull-through cache:
 *
 *     const cache = new EcrPullThroughCache(this, "EcrPullThroughCache");
 *     cache.grantPull(taskDefinition.obtainExecutionRole());
 *     service.node.addDependency(cache.ready);
 */
export class EcrPullThroughCache extends Construct {
  /**
   * What has to exist before the first pull: let services wait for it.
   */
  readonly ready = new DependencyGroup();
  /** Whoever pulls needs this; it exists once it is attached. */
  readonly pullPolicy: iam.Policy;

  constructor(scope: Construct, id: string) {
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
