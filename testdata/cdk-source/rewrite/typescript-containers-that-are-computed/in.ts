import { Construct } from "constructs";
import * as k8s from "./imports/k8s";

new k8s.KubePod(this, "A", { spec: { containers: ["a"].map((name) => ({ name, image: "nginx:1.27" })) } });
const containers: k8s.Container[] = [];
containers.push({ name: "b", image: "redis:7" });
new aws.ecs.TaskDefinition("c", { containerDefinitions: id.apply((name) => JSON.stringify([{ name, image: "httpd:2" }])) });
new awsx.ecs.FargateService("d", { taskDefinitionArgs: { containers: { web: { image: "caddy:2" } } } });
cdk8s.ApiObject.of(pod).addJsonPatch(cdk8s.JsonPatch.replace("/spec/template/spec/containers/0/image", "mongo:8"));
new Release("e", { chart: "web", values: { image: { repository: "public.ecr.aws/nginx/nginx", tag: "1.27" } } });
