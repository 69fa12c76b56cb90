import { Aws, Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

// What is no value here would be one in a template.
ContainerImage.fromRegistry("nginx:${TAG}");
ContainerImage.fromRegistry('redis:\x31\u0032');
// Templates have no such escape.
ContainerImage.fromRegistry('httpd:\61');
