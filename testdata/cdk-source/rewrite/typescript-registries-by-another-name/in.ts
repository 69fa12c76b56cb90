import { Aws as CdkAws, Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

ContainerImage.fromRegistry("nginx:1.27");
