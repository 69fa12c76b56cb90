import * as cdk from "aws-cdk-lib";
import type { Repository } from "aws-cdk-lib/aws-ecr";
import * as ecs from "aws-cdk-lib/aws-ecs"; /* The stack
of the web */

export class Web extends cdk.Stack {
  constructor(scope: cdk.App, id: string, repository?: Repository) {
    super(scope, id);
    ecs.ContainerImage.fromRegistry("nginx:1.27");
  }
}

class Registry extends EventEmitter {
  constructor(name: string) {
    super(name);
    ecs.ContainerImage.fromRegistry("nginx:1.27");
  }
}
