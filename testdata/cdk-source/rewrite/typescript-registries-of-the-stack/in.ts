import { Stack, StackProps } from 'aws-cdk-lib';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs'; // what all are made in

const CACHE = 'redis:7.4';
const LATE = (tag: string) => ContainerImage.fromRegistry("public.ecr.aws/xray/aws-xray-daemon:" + tag);

export class Web extends Stack {
  private readonly traces = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1";
  private static readonly OLD = 'memcached:1.6';

  constructor(scope: Construct, id: string, props: StackProps & { tag: string }) {
    super(scope, id, props);
    const task = new FargateTaskDefinition(this, 'Task');
    task.addContainer('web', { image: ContainerImage.fromRegistry('nginx:1.27') });
    task.addContainer('tagged', { image: ContainerImage.fromRegistry(`httpd:${props.tag}`) });
    task.addContainer('sum', { image: ContainerImage.fromRegistry('python' + ':' + props.tag) });
    task.addContainer('cache', { image: ContainerImage.fromRegistry(CACHE) });
    task.addContainer('traces', { image: ContainerImage.fromRegistry(this.traces) });
    task.addContainer('old', { image: ContainerImage.fromRegistry(Web.OLD) });
    task.addContainer('late', { image: LATE('3') });
    task.addContainer('one of two', {
      image: ContainerImage.fromRegistry(props.tag ? 'node:' + props.tag : "node:22"),
    });
    task.addContainer('pinned', {
      image: ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
    });
  }
}
