"use strict";
const EARLY = "redis:7";
const { Stack } = require("aws-cdk-lib");
const { ContainerImage } = require("aws-cdk-lib/aws-ecs");

exports.early = () => ContainerImage.fromRegistry(EARLY);
exports.web = (stack) => ContainerImage.fromRegistry("nginx:1.27");
