import * as k8s from "@pulumi/kubernetes";

const registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/a/b:1";
new k8s.core.v1.Pod("a", { spec: { containers: [{ image: registry }] } });
