import { Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const FIRST = ContainerImage.fromRegistry("nginx:1.26");

export class Web extends Stack {
  static readonly shared = ContainerImage.fromRegistry("redis:6");
  readonly own = ContainerImage.fromRegistry("redis:7");

  constructor(scope: Construct, id: string) {
    super(scope, id, { image: ContainerImage.fromRegistry("httpd:2.2") });
    [1].forEach(() => ContainerImage.fromRegistry("httpd:2.4"));
    [1].forEach(function () {
      ContainerImage.fromRegistry("node:20");
    });
  }

  image() {
    return ContainerImage.fromRegistry("node:22");
  }

  images() {
    return { image() { return ContainerImage.fromRegistry("node:23"); } };
  }

  static image() {
    return ContainerImage.fromRegistry("node:24");
  }
}
