import { Construct } from "constructs";
import * as k8s from "./imports/k8s";

new k8s.KubePod(this, "A", { spec: { containers: ["a"].map((name) => ({ name, image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27" })) } });
const containers: k8s.Container[] = [];
containers.push({ name: "b", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" });
new aws.ecs.TaskDefinition("c", { containerDefinitions: id.apply((name) => JSON.stringify([{ name, image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2" }])) });
new awsx.ecs.FargateService("d", { taskDefinitionArgs: { containers: { web: { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2" } } } });
cdk8s.ApiObject.of(pod).addJsonPatch(cdk8s.JsonPatch.replace("/spec/template/spec/containers/0/image", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8"));
new Release("e", { chart: "web", values: { image: { repository: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx", tag: "1.27" } } });
