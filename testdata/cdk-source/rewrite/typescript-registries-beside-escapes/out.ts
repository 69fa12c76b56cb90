import { Aws, Stack } from "aws-cdk-lib";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";

// What is no value here would be one in a template.
ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:\${TAG}`);
ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/redis:\x31\u0032`);
// Templates have no such escape.
ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:\61');
