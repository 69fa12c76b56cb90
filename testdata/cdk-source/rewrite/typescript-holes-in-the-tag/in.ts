import { ContainerImage } from "aws-cdk-lib/aws-ecs";

const version = process.env.VERSION ?? "1";
const images = [
  ContainerImage.fromRegistry(`nginx:${version}`),
  ContainerImage.fromRegistry(`public.ecr.aws/nginx/nginx:${version}-${"alpine"}`),
  ContainerImage.fromRegistry("redis:" + version),
  ContainerImage.fromRegistry('python' + ":" + version + '-slim'),
  ContainerImage.fromRegistry(version ? "httpd:2" : `caddy:2`),
];
