import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
const images = [
  ContainerImage.fromRegistry(IMAGE),
  ContainerImage.fromRegistry(`111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:${process.env.TAG}`),
  ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1"),
];
