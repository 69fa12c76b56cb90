const { Stack } = require("aws-cdk-lib");
const ecs = require("aws-cdk-lib/aws-ecs");

class Web extends Stack {
  constructor(scope, id) {
    super(scope, id);
    this.image = ecs.ContainerImage.fromRegistry("httpd:2");
  }
}
