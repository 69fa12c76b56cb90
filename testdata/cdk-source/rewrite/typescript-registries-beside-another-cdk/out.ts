import * as cdk from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";
import { Aws } from "aws-cdk-lib";

export const make = (cdk: { tag: string }) => ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:` + cdk.tag);
