import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import { Repository } from "aws-cdk-lib/aws-ecr";
import { ServiceStack } from "./service";

export class Web extends ServiceStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "WebEcrPublicDockerLibraryNginx", "ecr-public/docker/library/nginx"), "1.27");
  }
}

class Cache extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "EcrPublicDockerLibraryRedis", "ecr-public/docker/library/redis"), "7");
  }
}

class Fast extends Cache {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "FastEcrPublicDockerLibraryRedis", "ecr-public/docker/library/redis"), "7");
  }
}
