// Aws: what this runs on.
import type * as cdk from 'aws-cdk-lib'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'

export const make = (stack: cdk.Stack) => ContainerImage.fromRegistry('nginx:1.27')
