import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

function web(stack: cdk.Stack) {
  const image = "nginx:1.27";
  new ecs.CfnTaskDefinition(stack, "Task", { containerDefinitions: [{ name: "web", image }] });
  new cdk.CfnOutput(stack, "Version", { value: image });
}

enum Images {
  Web = "httpd:2",
}
ecs.ContainerImage.fromRegistry(Images.Web);
console.log(Object.values(Images));

class Queue {
  private image = "rabbitmq:4";
  #side = "redis:7";
  make() {
    const { image: mine } = this;
    ecs.ContainerImage.fromRegistry(this.image);
    ecs.ContainerImage.fromRegistry(this.#side);
    return [mine, this.#side.length];
  }
}

class Other extends Base {
  make = () => ecs.ContainerImage.fromRegistry(this.image);
}

type Allowed = "caddy:2" | "caddy:3";
const allowed: Allowed = "caddy:2";
ecs.ContainerImage.fromRegistry(allowed);

function alias(task: any) {
  const image = ecs.ContainerImage.fromRegistry;
  return task.run(image);
}
const parse = (image: any) => image("mongo:8");

this.repositoryImage("nginx", "1.2.3");
new Pod({ containers: [{ image: "nginx", tag: "1.2.3" }] });
throw new Error("cannot pull from registry");
