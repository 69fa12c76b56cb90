import { Stack } from "aws-cdk-lib";
import * as ecr from "aws-cdk-lib/aws-ecr";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Web extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ecr.CfnPullThroughCacheRule(this, "Rule", {
      ecrRepositoryPrefix: "ecr-public",
      upstreamRegistryUrl: "public.ecr.aws",
    });
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("web", {
      image: ecs.ContainerImage.fromRegistry("nginx:1.27"),
    });
    const low = new ecs.CfnTaskDefinition(this, "Low", {
      containerDefinitions: [
        { name: "web", image: "redis:7" },
      ],
    });
  }
}
