import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Web extends cdk.Stack {
  readonly image: ecs.RepositoryImage;

  constructor(scope: cdk.App, id: string) {
    super(scope, id);
    this.image = ecs.ContainerImage.fromRegistry("nginx:1.27");
  }
}
