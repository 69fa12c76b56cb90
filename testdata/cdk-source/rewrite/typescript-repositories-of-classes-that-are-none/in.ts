import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Service extends BaseService {
  constructor(stack: cdk.Stack, name: string) {
    super(stack, name);
    ecs.ContainerImage.fromRegistry("nginx:1.27");
  }
}
