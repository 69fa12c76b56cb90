import { Aws as CdkAws, Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

ContainerImage.fromRegistry(`${CdkAws.ACCOUNT_ID}.dkr.ecr.${CdkAws.REGION}.${CdkAws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`);
