import * as cdk from "aws-cdk-lib";

docker.createContainer({ Image: "nginx:1.27" });
workflow.addJobs({ build: { container: { image: "node:20" } } });
