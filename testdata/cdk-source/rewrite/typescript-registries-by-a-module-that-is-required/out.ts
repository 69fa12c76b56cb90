import ecs = require('@aws-cdk/aws-ecs');
import cdk = require('@aws-cdk/core');

export const make = (stack: cdk.Stack) => ecs.ContainerImage.fromRegistry(`${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`);
