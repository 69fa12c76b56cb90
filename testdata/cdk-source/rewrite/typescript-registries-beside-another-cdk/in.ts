import * as cdk from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

export const make = (cdk: { tag: string }) => ContainerImage.fromRegistry("nginx:" + cdk.tag);
