import * as ecs from "aws-cdk-lib/aws-ecs";

const from = ecs.ContainerImage.fromRegistry;
enum Images {
  Web = "nginx:1.27",
  Queue = "rabbitmq:4",
  Unused = "busybox:1",
}
const TABLE = { web: "httpd:2", job: "python:3.13" };

from("caddy:2");
ecs.ContainerImage["fromRegistry"]("redis:7");
ecs.ContainerImage?.["fromRegistry"]?.("memcached:1");
ecs.ContainerImage.fromRegistry(Images.Web);
ecs.ContainerImage.fromRegistry(Images["Queue"]);
ecs.ContainerImage.fromRegistry(TABLE["web"]);
ecs.ContainerImage.fromRegistry(TABLE!.job);

task.addPropertyOverride("ContainerDefinitions.0.Image", "mongo:8");
task.addOverride("Properties.ContainerDefinitions.1.Image", `postgres:${tag}`);
task.addPropertyOverride("ContainerDefinitions", [{ Name: "a", Image: "mysql:9" }]);
