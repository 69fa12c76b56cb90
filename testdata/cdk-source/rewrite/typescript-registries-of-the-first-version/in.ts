import * as ecs from "@aws-cdk/aws-ecs";
import { Stack } from "@aws-cdk/core";

ecs.ContainerImage.fromRegistry("nginx:1.27");
