"use strict";
const EARLY = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7";
const { Stack } = require("aws-cdk-lib");
const { ContainerImage } = require("aws-cdk-lib/aws-ecs");
const { Aws } = require("aws-cdk-lib");

exports.early = () => ContainerImage.fromRegistry(EARLY);
exports.web = (stack) => ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`);
