import * as k8s from "@pulumi/kubernetes";

const registry = "public.ecr.aws/a/b:1";
new k8s.core.v1.Pod("a", { spec: { containers: [{ image: registry }] } });
