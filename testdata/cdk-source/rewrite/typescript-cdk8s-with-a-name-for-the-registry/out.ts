import { Chart } from "cdk8s";
import * as kplus from "cdk8s-plus-30";

new kplus.Deployment(new Chart(app, "web"), "Web", { containers: [{ image: `${registry}/ecr-public/docker/library/nginx:1.27`, portNumber: 80 }] });
