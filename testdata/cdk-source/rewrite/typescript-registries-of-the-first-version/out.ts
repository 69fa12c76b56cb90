import * as ecs from "@aws-cdk/aws-ecs";
import { Stack } from "@aws-cdk/core";
import { Aws } from "@aws-cdk/core";

ecs.ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`);
