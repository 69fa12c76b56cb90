const { Stack } = require("aws-cdk-lib");
const ecs = require("aws-cdk-lib/aws-ecs");
const { Repository } = require("aws-cdk-lib/aws-ecr");

class Web extends Stack {
  constructor(scope, id) {
    super(scope, id);
    this.image = ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, "EcrPublicDockerLibraryHttpd", "ecr-public/docker/library/httpd"), "2");
  }
}
