import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const images = [
  ContainerImage.fromRegistry("nginx:1.27"), // ecrewrite: ignore
  // ecrewrite: ignore
  ContainerImage.fromRegistry("nginx:1.27"),
  ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"),
];
