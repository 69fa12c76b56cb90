import { ContainerImage } from "aws-cdk-lib/aws-ecs";

export function web(image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27") {
  return ContainerImage.fromRegistry(image);
}

export class Queue {
  constructor({ queue = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4" }: { queue?: string } = {}) {
    ContainerImage.fromRegistry(queue);
  }
}

const { cache: renamed = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" } = settings;
ContainerImage.fromRegistry(renamed);
const job = process.env.JOB ?? "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.13";
ContainerImage.fromRegistry(job);
