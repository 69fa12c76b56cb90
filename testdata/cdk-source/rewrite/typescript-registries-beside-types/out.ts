// Aws: what this runs on.
import type * as cdk from 'aws-cdk-lib'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { Aws } from 'aws-cdk-lib'

export const make = (stack: cdk.Stack) => ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`)
