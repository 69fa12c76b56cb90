import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const IMAGE = "nginx:1.27";
const images = [
  ContainerImage.fromRegistry(IMAGE),
  ContainerImage.fromRegistry(`redis:${process.env.TAG}`),
  ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1"),
];
