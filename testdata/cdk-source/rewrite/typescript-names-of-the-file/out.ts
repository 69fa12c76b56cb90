import { Construct } from "constructs";
import * as ecs from "aws-cdk-lib/aws-ecs";

const IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
const TAGGED = `111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:${process.env.TAG}`;
const IMAGES = {
  proxy: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2",
  "job-image": "python:3.13",
};

export class Tasks extends Construct {
  private static readonly CACHE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached:1.6";
  private readonly queue: string = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4";

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const local = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8";
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("a", { image: ecs.ContainerImage.fromRegistry(IMAGE) });
    task.addContainer("b", { image: ecs.ContainerImage.fromRegistry(IMAGE) });
    task.addContainer("c", { image: ecs.ContainerImage.fromRegistry(TAGGED) });
    task.addContainer("d", { image: ecs.ContainerImage.fromRegistry(IMAGES.proxy) });
    task.addContainer("e", { image: ecs.ContainerImage.fromRegistry(Tasks.CACHE) });
    task.addContainer("f", { image: ecs.ContainerImage.fromRegistry(this.queue) });
    task.addContainer("g", { image: ecs.ContainerImage.fromRegistry(local) });
  }
}
