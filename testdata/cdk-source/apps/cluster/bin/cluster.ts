import * as cdk from "aws-cdk-lib";
import * as eks from "aws-cdk-lib/aws-eks";
import * as lambda from "aws-cdk-lib/aws-lambda";

const app = new cdk.App();
const stack = new cdk.Stack(app, "Cluster", { env: { account: "111122223333", region: "eu-central-1" } });
const layer = "arn:aws:lambda:eu-central-1:111122223333:layer:kubectl:1";
const cluster = eks.Cluster.fromClusterAttributes(stack, "Shop", {
  clusterName: "shop",
  kubectlRoleArn: "arn:aws:iam::111122223333:role/kubectl",
  kubectlLayer: lambda.LayerVersion.fromLayerVersionArn(stack, "Layer", layer),
});

const web = "nginx:1.27";
cluster.addManifest("Web", {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        initContainers: [{ name: "wait", image: "busybox:1.37", command: ["true"] }],
        containers: [
          { name: "web", image: web },
          { name: "cache", image: `redis:${7}-alpine` },
        ],
      },
    },
  },
});
new eks.KubernetesManifest(stack, "Job", {
  cluster,
  manifest: [
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "job" },
      spec: { template: { spec: { containers: [{ name: "job", image: "python:3.13" }], restartPolicy: "Never" } } },
    },
  ],
});
cluster.addHelmChart("Chart", {
  chart: "shop",
  repository: "https://charts.example.com",
  values: {
    image: { repository: "public.ecr.aws/docker/library/httpd", tag: "2.4" },
    sidecar: { image: "public.ecr.aws/xray/aws-xray-daemon:3.3" },
  },
});
