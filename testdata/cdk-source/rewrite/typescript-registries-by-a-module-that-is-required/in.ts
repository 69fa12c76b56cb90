import ecs = require('@aws-cdk/aws-ecs');
import cdk = require('@aws-cdk/core');

export const make = (stack: cdk.Stack) => ecs.ContainerImage.fromRegistry('nginx:1.27');
