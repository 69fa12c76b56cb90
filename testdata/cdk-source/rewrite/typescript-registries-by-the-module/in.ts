import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

export const image = (stack: cdk.Stack) => ecs.ContainerImage.fromRegistry("nginx:1.27");
