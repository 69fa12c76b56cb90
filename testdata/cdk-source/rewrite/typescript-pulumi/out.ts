import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const tag = new pulumi.Config().require("tag");
new k8s.apps.v1.Deployment("a", {
  spec: { template: { spec: { containers: [{ name: "a", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27" }, { name: "b", image: pulumi.interpolate`111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:${tag}` }] } } },
});
new awsx.ecs.FargateService("b", { taskDefinitionArgs: { container: { name: "b", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2", cpu: 128 } } });
new aws.ecs.TaskDefinition("c", { containerDefinitions: JSON.stringify([{ name: "c", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.37" }]) });
new k8s.helm.v3.Release("d", { chart: "d", values: { image: { repository: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/a/b", tag: "1" } } });
