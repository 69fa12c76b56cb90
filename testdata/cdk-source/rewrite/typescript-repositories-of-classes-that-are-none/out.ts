import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Service extends BaseService {
  constructor(stack: cdk.Stack, name: string) {
    super(stack, name);
    ecs.ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27");
  }
}
