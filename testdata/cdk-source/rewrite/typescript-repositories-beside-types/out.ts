import * as cdk from "aws-cdk-lib";
import type { Repository } from "aws-cdk-lib/aws-ecr";
import * as ecs from "aws-cdk-lib/aws-ecs";
import { Repository as EcrRepository } from "aws-cdk-lib/aws-ecr"; /* The stack
of the web */

export class Web extends cdk.Stack {
  constructor(scope: cdk.App, id: string, repository?: Repository) {
    super(scope, id);
    ecs.ContainerImage.fromEcrRepository(EcrRepository.fromRepositoryName(this, "EcrPublicDockerLibraryNginx", "ecr-public/docker/library/nginx"), "1.27");
  }
}

class Registry extends EventEmitter {
  constructor(name: string) {
    super(name);
    ecs.ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27");
  }
}
