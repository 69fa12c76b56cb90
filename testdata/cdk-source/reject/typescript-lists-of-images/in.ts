import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const images = ["nginx:1.27", "redis:7"];
const IMAGES = { web: "httpd:2" };
ContainerImage.fromRegistry(IMAGES[name]);
new Pod({ containers: [{ image: containerImage("nginx", "1.27") }] });
