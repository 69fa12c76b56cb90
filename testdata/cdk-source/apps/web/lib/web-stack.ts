import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";
import * as patterns from "aws-cdk-lib/aws-ecs-patterns";
import { Construct } from "constructs";

const TRACES = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1";

export class WebStack extends cdk.Stack {
  private readonly cache = "redis:7.4-alpine"; // beside the web server

  constructor(scope: Construct, id: string, props: cdk.StackProps) {
    super(scope, id, props);
    const version = this.node.tryGetContext("version") ?? "1.27.2";

    const service = new patterns.ApplicationLoadBalancedFargateService(this, "Service", {
      taskImageOptions: { image: ecs.ContainerImage.fromRegistry(`nginx:${version}`), containerName: "web" },
    });
    const task = service.taskDefinition;
    task.addContainer("cache", { image: ecs.ContainerImage.fromRegistry(this.cache) });
    task.addContainer("traces", { image: ecs.ContainerImage.fromRegistry(TRACES) });
    task.addContainer("pinned", {
      image: ecs.ContainerImage.fromRegistry(
        "public.ecr.aws/docker/library/busybox@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ),
    });
    for (const name of ["first", "second"]) {
      task.addContainer(name, { image: ecs.ContainerImage.fromRegistry("memcached:1.6") });
    }
    task.addContainer("untagged", { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/xray/aws-xray-daemon') });
    task.addContainer("other", { image: ecs.ContainerImage.fromRegistry("ghcr.io/team/other:1") });
  }
}
