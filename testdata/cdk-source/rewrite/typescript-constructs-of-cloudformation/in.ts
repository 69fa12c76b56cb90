import * as cdk from "aws-cdk-lib";
import { CfnTaskDefinition } from "aws-cdk-lib/aws-ecs";
import * as batch from "aws-cdk-lib/aws-batch";

export function low(scope: cdk.Stack) {
  new CfnTaskDefinition(scope, "Task", {
    containerDefinitions: [
      { name: "a", image: "nginx:1.27" },
      { name: "b", image: scope.tags ? "redis:7" : undefined! },
    ],
  });
  new batch.CfnJobDefinition(scope, "Job", {
    type: "container",
    containerProperties: { image: "busybox", command: ["true"] },
  });
  new batch.CfnJobDefinition(scope, "Jobs", {
    type: "multinode",
    nodeProperties: {
      mainNode: 0,
      numNodes: 2,
      nodeRangeProperties: [{ targetNodes: "0:", container: { image: `httpd:${2}` } }],
    },
  });
  new batch.EcsJobDefinition(scope, "High", {
    container: new batch.EcsFargateContainerDefinition(scope, "Container", {
      image: cdk.aws_ecs.ContainerImage.fromRegistry("public.ecr.aws/amazonlinux/amazonlinux:2023"),
      cpu: 1,
    }),
  });
}
