import * as eks from "aws-cdk-lib/aws-eks";

cluster.addManifest(
  "Web",
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    spec: {
      template: {
        spec: {
          initContainers: [{ name: "wait", image: "busybox:1.37" }],
          containers: [
            { name: "web", image: `nginx:${tag}` },
            { "name": "more", "image": 'redis:7' },
          ],
        },
      },
    },
  },
  { apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", spec: { image: "public.ecr.aws/prom/prometheus:3" } },
);
new eks.KubernetesManifest(stack, "Job", {
  cluster,
  manifest: [{ apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers: [{ image: "python:3.13" }] } } } }],
});
cluster.addHelmChart("Chart", {
  chart: "web",
  values: { image: { registry: "docker.io", repository: "library/nginx", tag: "1.27" }, sidecar: { image: "httpd:2" } },
});
new eks.HelmChart(stack, "More", { cluster, chart: "more", values: { image: { repository: "public.ecr.aws/a/b" } } });
