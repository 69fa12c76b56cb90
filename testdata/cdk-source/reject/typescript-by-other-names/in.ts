import { ContainerImage } from "aws-cdk-lib/aws-ecs";

export const from = ContainerImage.fromRegistry;
["nginx:1", "redis:7"].map(ContainerImage.fromRegistry);
const here = ContainerImage.fromRegistry;
["nginx:1", "redis:7"].map(here);
ContainerImage.fromRegistry.bind(ContainerImage)("nginx:1");
const method = "fromRegistry";
ContainerImage[method]("nginx:1");
const other = Somewhere.fromRegistry;
other("nginx:1");
thing.addPropertyOverride("Settings.Image", "caddy:2");
project.addPropertyOverride("Environment.Image", "node:20");
new docker.RemoteImage("a", { name: "httpd:2" });
new docker.Container("b", { image: "mongo" });
export enum Images {
  Web = "nginx:1",
}
ContainerImage.fromRegistry(Images.Web);
handlers["public.ecr.aws/nginx/nginx:1"] = 1;
