import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";
import { OTHER } from "./images";

const REGISTRY = "docker.io";
const NAMES = ["nginx", "redis"];
const SHARED = "nginx:1.27";
const TWICE = "redis:7";
const TABLE = { web: "httpd:2" };
export const PUBLIC = "caddy:2";
let changed = "mongo:8";
changed = process.env.IMAGE ?? changed;

function images(image: string, SHADOW = "python:3.13") {
  return [
    ecs.ContainerImage.fromRegistry(image),
    ecs.ContainerImage.fromRegistry(pick(1)),
    ecs.ContainerImage.fromRegistry(NAMES[0]),
    ecs.ContainerImage.fromRegistry(OTHER),
    ecs.ContainerImage.fromRegistry(`${REGISTRY}/library/nginx:1`),
    ecs.ContainerImage.fromRegistry(REGISTRY + "/library/nginx:1"),
    ecs.ContainerImage.fromRegistry(`nginx${image}`),
    ecs.ContainerImage.fromRegistry(SHARED),
    ecs.ContainerImage.fromRegistry(PUBLIC),
    ecs.ContainerImage.fromRegistry(changed),
    ecs.ContainerImage.fromRegistry(TABLE.web),
    ecs.ContainerImage.fromRegistry("nginx:1", { credentials: cdk.Lazy.any({}) }),
    ecs.ContainerImage.fromRegistry("my-service"),
    ecs.ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1"),
    ecs.ContainerImage.fromAsset("./image"),
    ecs.ContainerImage.fromRegistry(...NAMES),
    Somewhere.fromRegistry("nginx:1"),
  ];
}
const container = { image: SHARED, table: Object.keys(TABLE) };
const { image: renamed } = container;
const WEB_IMAGE = "nginx:1";
console.log("pull docker.io/library/nginx:1 first");
