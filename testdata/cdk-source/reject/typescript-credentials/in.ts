import * as ecs from "aws-cdk-lib/aws-ecs";

const options = { credentials: secret };
ecs.ContainerImage.fromRegistry("busybox:1", options);
ecs.ContainerImage.fromRegistry("httpd:2", { ...options });
new ecs.CfnTaskDefinition(this, "T", {
  containerDefinitions: [{ name: "a", image: "nginx:1.27", repositoryCredentials: { credentialsParameter: "x" } }],
});
