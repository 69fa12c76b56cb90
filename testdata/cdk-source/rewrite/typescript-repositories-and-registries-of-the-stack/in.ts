import { Stack } from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Web extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("web", { image: ecs.ContainerImage.fromRegistry("nginx:1.27") });
    for (const name of ["a", "b"]) {
      task.addContainer(name, { image: ecs.ContainerImage.fromRegistry("public.ecr.aws/a/b:2") });
    }
  }
}
