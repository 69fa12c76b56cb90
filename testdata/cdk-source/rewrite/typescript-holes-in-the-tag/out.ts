import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const version = process.env.VERSION ?? "1";
const images = [
  ContainerImage.fromRegistry(`111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:${version}`),
  ContainerImage.fromRegistry(`111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${version}-${"alpine"}`),
  ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:" + version),
  ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python' + ":" + version + '-slim'),
  ContainerImage.fromRegistry(version ? "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2" : `111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2`),
];
