import { Chart, Helm } from "cdk8s";
import * as kplus from "cdk8s-plus-33";
import { KubeDeployment } from "./imports/k8s";

const image = "nginx:1.27";

export class Web extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KubeDeployment(this, "a", { spec: { template: { spec: { containers: [{ name: "a", image }] } } } });
    const deployment = new kplus.Deployment(this, "b", { containers: [{ image: "redis:7" }] });
    deployment.addContainer({ image: "httpd:2" });
    deployment.addInitContainer({ image: "busybox" });
    new kplus.Container({ image: "caddy:2" });
    new Helm(this, "c", { chart: "c", values: { image: "mongo:8" } });
  }
}
