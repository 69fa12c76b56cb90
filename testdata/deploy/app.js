// A harbour, once for itself and once in a stage, which becomes an assembly within the assembly.
const { App, CfnOutput, NestedStack, Stack, Stage } = require("aws-cdk-lib");
const batch = require("aws-cdk-lib/aws-batch");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecs = require("aws-cdk-lib/aws-ecs");
const eks = require("aws-cdk-lib/aws-eks");
const iam = require("aws-cdk-lib/aws-iam");
const assets = require("aws-cdk-lib/aws-s3-assets");
const sns = require("aws-cdk-lib/aws-sns");

const image = (name) => ({ image: ecs.ContainerImage.fromRegistry(name) });

/** Innermost: its hash stands in the template of `Tides`, whose hash stands in that of `Harbour`. */
class Moon extends NestedStack {
  constructor(scope, id) {
    super(scope, id);
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("phase", image("docker.io/library/memcached:1.6-alpine"));
    task.addContainer("eclipse", image("ghcr.io/quillmoor/eclipse:3.1"));
  }
}

class Tides extends NestedStack {
  constructor(scope, id) {
    super(scope, id);
    const task = new ecs.FargateTaskDefinition(this, "Task");
    task.addContainer("gauge", image("public.ecr.aws/docker/library/influxdb:2.7"));
    new Moon(this, "Moon");
  }
}

/** Without an image: nothing of it may change. */
class Bell extends NestedStack {
  constructor(scope, id) {
    super(scope, id);
    new sns.Topic(this, "Topic", { displayName: "fog" });
  }
}

class Harbour extends Stack {
  constructor(scope, id) {
    super(scope, id);
    const subnetConfiguration = [{ name: "quay", subnetType: ec2.SubnetType.PUBLIC }];
    const vpc = new ec2.Vpc(this, "Vpc", { maxAzs: 1, natGateways: 0, subnetConfiguration });
    const cluster = new ecs.Cluster(this, "Cluster", { vpc });
    const taskDefinition = new ecs.FargateTaskDefinition(this, "Task");
    taskDefinition.addContainer("web", {
      ...image("public.ecr.aws/nginx/nginx:1.29"),
      portMappings: [{ containerPort: 80 }],
      // Names an image and runs none.
      environment: { BESIDE: "redis:7.4-alpine" },
    });
    taskDefinition.addContainer("cache", image("redis:7.4-alpine"));
    new ecs.FargateService(this, "Service", {
      cluster,
      taskDefinition,
      assignPublicIp: true,
      circuitBreaker: { rollback: true },
      minHealthyPercent: 50,
    });

    new batch.CfnJobDefinition(this, "Census", {
      type: "container",
      containerProperties: { image: "python:3.13-slim", command: ["true"], vcpus: 1, memory: 512 },
      retryStrategy: { attempts: 2 },
    });

    new Tides(this, "Tides");
    new Bell(this, "Bell");

    const buoys = new assets.Asset(this, "Buoys", { path: `${__dirname}/buoys` });
    new CfnOutput(this, "BuoysUrl", { value: buoys.s3ObjectUrl });
  }
}

class Lighthouse extends Stack {
  constructor(scope, id) {
    super(scope, id);
    // Somebody else's cluster: a new one would need a Lambda layer with kubectl.
    const arn = (service, name) => `arn:aws:${service}:123456789012:${name}`;
    const kubectlProvider = eks.KubectlProvider.fromKubectlProviderAttributes(this, "Kubectl", {
      functionArn: arn("lambda:us-east-1", "function:kubectl"),
      handlerRole: iam.Role.fromRoleArn(this, "Handler", arn("iam:", "role/handler")),
      kubectlRoleArn: arn("iam:", "role/kubectl"),
    });
    const cluster = eks.Cluster.fromClusterAttributes(this, "Cluster", { clusterName: "lighthouse", kubectlProvider });
    const labels = { app: "lamp" };
    const containers = [
      { name: "lamp", image: "httpd:2.4" },
      { name: "shade", image: "registry.k8s.io/pause:3.10" },
    ];
    cluster.addManifest("Lamp", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "lamp" },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    });
    cluster.addHelmChart("Horn", {
      chart: "horn",
      release: "horn",
      values: { image: "public.ecr.aws/docker/library/haproxy:3.1" },
    });
  }
}

const app = new App();
for (const scope of [app, new Stage(app, "Winter")]) {
  new Harbour(scope, "Harbour");
  new Lighthouse(scope, "Lighthouse");
}
