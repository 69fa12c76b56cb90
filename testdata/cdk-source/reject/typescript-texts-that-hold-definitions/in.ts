import * as cdk from "aws-cdk-lib";

const pod = `
apiVersion: v1
kind: Pod
spec:
  containers:
    - image: nginx:1.27
`;
const list = '[{"image": "redis:7"}]';
