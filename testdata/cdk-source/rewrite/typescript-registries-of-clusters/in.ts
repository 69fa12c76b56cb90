import * as cdk from "aws-cdk-lib";
import * as eks from "aws-cdk-lib/aws-eks";

cluster.addHelmChart("Web", {
  values: {
    image: { registry: "public.ecr.aws", repository: "nginx/nginx", tag: "1.27" },
    sidecar: { image: { repository: "public.ecr.aws/xray/aws-xray-daemon", tag: "3" } },
  },
});
cluster.addManifest("Job", {
  apiVersion: "batch/v1",
  kind: "Job",
  spec: { template: { spec: { containers: [{ image: "python:3.13" }] } } },
});
