#!/usr/bin/env node
import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";
import {
  ContainerImage,
} from "aws-cdk-lib/aws-ecs"; // the last one

const IMAGE = "caddy:2";

export class Web extends cdk.Stack {
  private readonly web = ContainerImage.fromRegistry("nginx:1.27");

  constructor(scope: cdk.App, id: string, tag: string) {
    super(scope, id);
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("a", { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27') });
    task.addContainer("b", { image: ecs.ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx") });
    task.addContainer("c", { image: ecs.ContainerImage.fromRegistry(`redis:${tag}-alpine`) });
    task.addContainer("d", {
      image: ecs.ContainerImage.fromRegistry(
        // pinned
        "public.ecr.aws/a/b@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ),
    });
    task.addContainer("e", { image: ecs.ContainerImage.fromRegistry("public.ecr.aws/a/b:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") });
    task.addContainer("f", { image: ecs.ContainerImage.fromRegistry(IMAGE) });
    for (const name of ["g", "h"]) {
      task.addContainer(name, { image: ecs.ContainerImage.fromRegistry("httpd:2") });
    }
    ["i"].forEach((name) => task.addContainer(name, { image: ecs.ContainerImage.fromRegistry("httpd:2") }));
    new ecs.CfnTaskDefinition(this, "Low", { containerDefinitions: [{ name: "j", image: "busybox:1" }] });
  }

  more(task: ecs.TaskDefinition) {
    task.addContainer("k", { image: ecs.ContainerImage.fromRegistry("mongo:8") });
  }
}
