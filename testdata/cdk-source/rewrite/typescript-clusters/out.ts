import * as eks from "aws-cdk-lib/aws-eks";

cluster.addManifest(
  "Web",
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    spec: {
      template: {
        spec: {
          initContainers: [{ name: "wait", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.37" }],
          containers: [
            { name: "web", image: `111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:${tag}` },
            { "name": "more", "image": '111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7' },
          ],
        },
      },
    },
  },
  { apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", spec: { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/prom/prometheus:3" } },
);
new eks.KubernetesManifest(stack, "Job", {
  cluster,
  manifest: [{ apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers: [{ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.13" }] } } } }],
});
cluster.addHelmChart("Chart", {
  chart: "web",
  values: { image: { registry: "111122223333.dkr.ecr.us-east-1.amazonaws.com", repository: "ecr-public/docker/library/nginx", tag: "1.27" }, sidecar: { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2" } },
});
new eks.HelmChart(stack, "More", { cluster, chart: "more", values: { image: { repository: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/a/b" } } });
