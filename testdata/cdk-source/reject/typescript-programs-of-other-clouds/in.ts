import * as gcp from "@pulumi/gcp";
import { Service } from "@pulumi/gcp/cloudrunv2";

new Service("a", { template: { containers: [{ image: "nginx:1.27" }] } });
new gcp.cloudrunv2.Job("b", { template: { containers: [{ image: "redis:7" }] } });
