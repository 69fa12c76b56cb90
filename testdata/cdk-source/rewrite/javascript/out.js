#!/usr/bin/env node
const { App, Stack } = require("aws-cdk-lib");
const ecs = require("aws-cdk-lib/aws-ecs");

const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
const stack = new Stack(new App(), "Web");
const task = new ecs.FargateTaskDefinition(stack, "Task");
task.addContainer("web", { image: ecs.ContainerImage.fromRegistry(image) });
task.addContainer("view", { image: ecs.ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"), note: <b>image</b> });
