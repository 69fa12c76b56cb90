import { Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const FIRST = ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.26");

export class Web extends Stack {
  static readonly shared = ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:6");
  readonly own = ContainerImage.fromRegistry(`${this.account}.dkr.ecr.${this.region}.amazonaws.com/ecr-public/docker/library/redis:7`);

  constructor(scope: Construct, id: string) {
    super(scope, id, { image: ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2.2") });
    [1].forEach(() => ContainerImage.fromRegistry(`${this.account}.dkr.ecr.${this.region}.amazonaws.com/ecr-public/docker/library/httpd:2.4`));
    [1].forEach(function () {
      ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:20");
    });
  }

  image() {
    return ContainerImage.fromRegistry(`${this.account}.dkr.ecr.${this.region}.amazonaws.com/ecr-public/docker/library/node:22`);
  }

  images() {
    return { image() { return ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:23"); } };
  }

  static image() {
    return ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:24");
  }
}
