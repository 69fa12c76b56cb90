import { Chart, Helm } from "cdk8s";
import * as kplus from "cdk8s-plus-33";
import { KubeDeployment } from "./imports/k8s";

const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";

export class Web extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KubeDeployment(this, "a", { spec: { template: { spec: { containers: [{ name: "a", image }] } } } });
    const deployment = new kplus.Deployment(this, "b", { containers: [{ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" }] });
    deployment.addContainer({ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2" });
    deployment.addInitContainer({ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox" });
    new kplus.Container({ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2" });
    new Helm(this, "c", { chart: "c", values: { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8" } });
  }
}
