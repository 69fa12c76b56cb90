import { Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

class Repository {}

export class Web extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.add(ContainerImage.fromRegistry("httpd:2"));
  }
}
