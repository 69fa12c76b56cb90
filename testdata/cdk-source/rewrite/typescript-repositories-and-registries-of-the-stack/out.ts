import { Stack } from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";
import { Aws } from "aws-cdk-lib";
import { Repository } from "aws-cdk-lib/aws-ecr";

export class Web extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("web", { image: ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "EcrPublicDockerLibraryNginx", "ecr-public/docker/library/nginx"), "1.27") });
    for (const name of ["a", "b"]) {
      task.addContainer(name, { image: ecs.ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/a/b:2`) });
    }
  }
}
