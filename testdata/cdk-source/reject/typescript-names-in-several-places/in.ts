import * as cdk from "aws-cdk-lib";
import * as codebuild from "aws-cdk-lib/aws-codebuild";
import * as ecs from "aws-cdk-lib/aws-ecs";

const A = "nginx:1.27";
const B = "node:20";

export class Web extends cdk.Stack {
  private image = "httpd:2";
  public readonly upstream: string;

  constructor(scope: cdk.App, id: string, secret: any) {
    super(scope, id);
    this.upstream = "caddy:2";
    ecs.ContainerImage.fromRegistry(A);
    ecs.ContainerImage.fromRegistry(A, { credentials: secret });
    ecs.ContainerImage.fromRegistry(B);
    codebuild.LinuxBuildImage.fromDockerRegistry(B);
    ecs.ContainerImage.fromRegistry(this.image);
    new cdk.CfnOutput(this, "Image", { value: this.image });
    ecs.ContainerImage.fromRegistry(this.upstream);
    console.log(this.upstream);
  }
}
