import { Construct } from "constructs";
import * as ecs from "aws-cdk-lib/aws-ecs";

const IMAGE = "nginx:1.27";
const TAGGED = `redis:${process.env.TAG}`;
const IMAGES = {
  proxy: "caddy:2",
  "job-image": "python:3.13",
};

export class Tasks extends Construct {
  private static readonly CACHE = "memcached:1.6";
  private readonly queue: string = "rabbitmq:4";

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const local = "mongo:8";
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
