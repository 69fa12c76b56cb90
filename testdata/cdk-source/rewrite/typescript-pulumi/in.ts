import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const tag = new pulumi.Config().require("tag");
new k8s.apps.v1.Deployment("a", {
  spec: { template: { spec: { containers: [{ name: "a", image: "nginx:1.27" }, { name: "b", image: pulumi.interpolate`redis:${tag}` }] } } },
});
new awsx.ecs.FargateService("b", { taskDefinitionArgs: { container: { name: "b", image: "httpd:2", cpu: 128 } } });
new aws.ecs.TaskDefinition("c", { containerDefinitions: JSON.stringify([{ name: "c", image: "busybox:1.37" }]) });
new k8s.helm.v3.Release("d", { chart: "d", values: { image: { repository: "public.ecr.aws/a/b", tag: "1" } } });
