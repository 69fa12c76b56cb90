import { Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";
import { Repository as EcrRepository } from "aws-cdk-lib/aws-ecr";

class Repository {}

export class Web extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.add(ContainerImage.fromEcrRepository(EcrRepository.fromRepositoryName(this, "EcrPublicDockerLibraryHttpd", "ecr-public/docker/library/httpd"), "2"));
  }
}
