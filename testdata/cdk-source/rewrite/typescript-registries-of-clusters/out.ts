import * as cdk from "aws-cdk-lib";
import * as eks from "aws-cdk-lib/aws-eks";

cluster.addHelmChart("Web", {
  values: {
    image: { registry: `${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}`, repository: "ecr-public/nginx/nginx", tag: "1.27" },
    sidecar: { image: { repository: `${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/xray/aws-xray-daemon`, tag: "3" } },
  },
});
cluster.addManifest("Job", {
  apiVersion: "batch/v1",
  kind: "Job",
  spec: { template: { spec: { containers: [{ image: `${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/python:3.13` }] } } },
});
