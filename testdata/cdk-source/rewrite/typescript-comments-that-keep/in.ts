import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const images = [
  ContainerImage.fromRegistry("nginx:1.27"), // ecrewrite: ignore
  // ecrewrite: ignore
  ContainerImage.fromRegistry("nginx:1.27"),
  ContainerImage.fromRegistry("nginx:1.27"),
];
