import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const tag = new pulumi.Config().require("tag");
new k8s.apps.v1.Deployment("web", {
  spec: { template: { spec: { containers: [
    { name: "web", image: `${registry}/ecr-public/docker/library/nginx:1.27` },
    { name: "tagged", image: pulumi.interpolate`${registry}/ecr-public/docker/library/httpd:${tag}` },
    { name: "raw", image: String.raw`redis:7` },
    { name: "written", image: hosts["a"] + "/ecr-public/docker/library/node:" + tag },
  ] } } },
});
