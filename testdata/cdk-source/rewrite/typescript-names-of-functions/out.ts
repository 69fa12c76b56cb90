import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
ContainerImage.fromRegistry(image);

function queue() {
  const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4";
  return ContainerImage.fromRegistry(image);
}

const cache = () => {
  let image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7";
  return ContainerImage.fromRegistry(image);
};

class Tasks {
  web(image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2") {
    return ContainerImage.fromRegistry(image);
  }

  job(isNew: boolean) {
    if (isNew) {
      const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2";
      return ContainerImage.fromRegistry(image);
    } else {
      const from = ContainerImage.fromRegistry;
      return from("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8");
    }
  }
}
