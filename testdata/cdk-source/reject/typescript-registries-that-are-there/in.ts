import * as cdk from "aws-cdk-lib";
import { Aws, Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`);
ContainerImage.fromRegistry(`${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.28`);
ContainerImage.fromRegistry(`${Stack.of(this).account}.dkr.ecr.${cdk.Stack.of(scope).region}.${Stack.of(this).urlSuffix}/ecr-public/a/b:1`);
ContainerImage.fromRegistry(`111122223333.dkr.ecr.${Aws.REGION}.amazonaws.com/ecr-public/a/b:${tag}`);
ContainerImage.fromRegistry(`444455556666.dkr.ecr.${Aws.REGION}.amazonaws.com/ecr-public/a/b:3`);
ContainerImage.fromRegistry(`${own.account}.dkr.ecr.${Aws.REGION}.amazonaws.com/ecr-public/a/b:4`);
ContainerImage.fromRegistry("${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:5");
