import * as k8s from "@pulumi/kubernetes";

new k8s.core.v1.Pod("b", { spec: { containers: [
  { image: `${registry}/ecr-public/docker/library/nginx:1.27` },
  { image: registry + "/ecr-public/docker/library/nginx:1.28" },
  { image: `${other}/ecr-public/docker/library/nginx:1.29` },
  { image: "${registry}/ecr-public/docker/library/nginx:1.30" },
] } });
