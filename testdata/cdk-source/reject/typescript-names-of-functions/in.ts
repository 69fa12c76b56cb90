import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const image = "nginx:1.27";
function web(image: string) {
  return ContainerImage.fromRegistry(image);
}

function queue() {
  const image = "rabbitmq:4";
  console.log(image);
  return ContainerImage.fromRegistry(image);
}

let outer = "redis:7";
function change() {
  outer = "caddy:2";
  return ContainerImage.fromRegistry(outer);
}

function twice() {
  if (change()) var name = "httpd:2";
  else var name = "mongo:8";
  return ContainerImage.fromRegistry(name);
}

function either(f: any) {
  let from = ContainerImage.fromRegistry;
  if (f) from = f;
  return from("nginx:1");
}

enum Images {
  Web = "nginx:1",
}
ContainerImage.fromRegistry(Images["Web"]);
console.log(Images["Web"], Images.Web.length);
