import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import { Repository } from "aws-cdk-lib/aws-ecr";
import { ServiceStack } from "./service";

export class Web extends ServiceStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    ecs.ContainerImage.fromRegistry("nginx:1.27");
  }
}

class Cache extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    ecs.ContainerImage.fromRegistry("redis:7");
  }
}

class Fast extends Cache {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    ecs.ContainerImage.fromRegistry("redis:7");
  }
}
