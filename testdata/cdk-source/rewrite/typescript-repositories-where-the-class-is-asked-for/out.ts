import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Web extends cdk.Stack {
  readonly image: ecs.RepositoryImage;

  constructor(scope: cdk.App, id: string) {
    super(scope, id);
    this.image = ecs.ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27");
  }
}
