import * as cdk from 'aws-cdk-lib';
import * as ecs from "aws-cdk-lib/aws-ecs";
import { ContainerImage, RepositoryImage } from "aws-cdk-lib/aws-ecs";

// The image nginx:1.27 of a comment stays, and so does docker.io/library/redis:7.
export class Web extends cdk.Stack {
  constructor(scope: cdk.App, id: string) {
    super(scope, id);
    const task = new ecs.FargateTaskDefinition(this, "Task", { cpu: 256 });
    task.addContainer("a", { image: ecs.ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27") });
    task.addContainer("b", { image: ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7') });
    task.addContainer("c", { image: ContainerImage.fromRegistry(`111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/xray/aws-xray-daemon:3.3`) });
    task.addContainer("d", {
      image: cdk.aws_ecs.ContainerImage
        .fromRegistry(
          // why not
          "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.13@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
    });
    task.addContainer("e", { image: new RepositoryImage("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox") });
    task.addContainer("f", { image: (ContainerImage as any).fromRegistry(("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/alpine:3" as string)!) });
    task.addContainer("g", { image: ContainerImage?.fromRegistry?.("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached:1.6") });
    const rest: [string, string][] = [["é", "\u{1F600}"]];
  }
}
