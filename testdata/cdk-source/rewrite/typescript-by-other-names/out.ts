import * as ecs from "aws-cdk-lib/aws-ecs";

const from = ecs.ContainerImage.fromRegistry;
enum Images {
  Web = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27",
  Queue = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4",
  Unused = "busybox:1",
}
const TABLE = { web: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2", job: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.13" };

from("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2");
ecs.ContainerImage["fromRegistry"]("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7");
ecs.ContainerImage?.["fromRegistry"]?.("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached:1");
ecs.ContainerImage.fromRegistry(Images.Web);
ecs.ContainerImage.fromRegistry(Images["Queue"]);
ecs.ContainerImage.fromRegistry(TABLE["web"]);
ecs.ContainerImage.fromRegistry(TABLE!.job);

task.addPropertyOverride("ContainerDefinitions.0.Image", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8");
task.addOverride("Properties.ContainerDefinitions.1.Image", `111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/postgres:${tag}`);
task.addPropertyOverride("ContainerDefinitions", [{ Name: "a", Image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mysql:9" }]);
