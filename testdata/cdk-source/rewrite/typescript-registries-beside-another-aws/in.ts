import { Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";
import { Aws } from "./clouds";

export const make = (stack: Stack) => ContainerImage.fromRegistry("nginx:1.27" + Aws.suffix);
