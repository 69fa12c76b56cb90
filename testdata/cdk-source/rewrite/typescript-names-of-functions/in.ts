import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const image = "nginx:1.27";
ContainerImage.fromRegistry(image);

function queue() {
  const image = "rabbitmq:4";
  return ContainerImage.fromRegistry(image);
}

const cache = () => {
  let image = "redis:7";
  return ContainerImage.fromRegistry(image);
};

class Tasks {
  web(image = "caddy:2") {
    return ContainerImage.fromRegistry(image);
  }

  job(isNew: boolean) {
    if (isNew) {
      const image = "httpd:2";
      return ContainerImage.fromRegistry(image);
    } else {
      const from = ContainerImage.fromRegistry;
      return from("mongo:8");
    }
  }
}
