import { Repository } from "aws-cdk-lib/aws-ecr";
import * as ecs from "aws-cdk-lib/aws-ecs";

export class Web extends Stack {
  constructor(scope: Construct, id: string, tag: string) {
    super(scope, id);
    const own = Repository.fromRepositoryName(this, "Own", "team/own");
    this.add(
      ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "A", "ecr-public/nginx/nginx"), "1.27"),
      ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "B", "ecr-public/a/b")),
      ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "C", "ecr-public/a/b"), tag),
      ecs.ContainerImage.fromEcrRepository(
        Repository.fromRepositoryName(this, "D", "ecr-public/a/b"),
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ),
      ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "E", "team/api"), "2"),
      ecs.ContainerImage.fromEcrRepository(own, "2"),
    );
  }
}
