import { Match, Template } from "aws-cdk-lib/assertions";

const template = Template.fromStack(stack);
template.hasResourceProperties("AWS::ECS::TaskDefinition", {
  ContainerDefinitions: [Match.objectLike({ Image: "nginx:1.27" })],
});
template.findResources("AWS::ECS::TaskDefinition", { Properties: { ContainerDefinitions: [{ Image: "redis:7" }] } });
