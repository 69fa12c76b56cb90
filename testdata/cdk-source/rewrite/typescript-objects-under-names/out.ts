import * as cdk8s from "cdk8s";
import * as ecs from "aws-cdk-lib/aws-ecs";

const web = { name: "web", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27" };
const values = { image: { repository: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/karpenter/controller", tag: "1" } };
const props = { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7", essential: true };
const definitions = [{ name: "a", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2" }];

new k8s.KubeDeployment(this, "Web", { spec: { template: { spec: { containers: [web] } } } });
cluster.addHelmChart("Karpenter", { chart: "karpenter", values });
new Container(this, "Cache", props);
new ecs.CfnTaskDefinition(this, "Task", { containerDefinitions: definitions });
new aws.ecs.TaskDefinition("b", { containerDefinitions: '[{"name": "c", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2"}]' });
