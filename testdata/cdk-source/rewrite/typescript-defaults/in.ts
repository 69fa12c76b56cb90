import { ContainerImage } from "aws-cdk-lib/aws-ecs";

export function web(image = "nginx:1.27") {
  return ContainerImage.fromRegistry(image);
}

export class Queue {
  constructor({ queue = "rabbitmq:4" }: { queue?: string } = {}) {
    ContainerImage.fromRegistry(queue);
  }
}

const { cache: renamed = "redis:7" } = settings;
ContainerImage.fromRegistry(renamed);
const job = process.env.JOB ?? "python:3.13";
ContainerImage.fromRegistry(job);
