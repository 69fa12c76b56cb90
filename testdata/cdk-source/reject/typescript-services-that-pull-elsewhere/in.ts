import * as aws from "@pulumi/aws";
import * as cdk from "aws-cdk-lib";
import { Container } from "@pulumi/docker";

new aws.lightsail.ContainerServiceDeploymentVersion("a", { containers: [{ containerName: "a", image: "nginx:1.27" }] });
new aws.sagemaker.Model("b", { containers: [{ image: "redis:7" }] });
new cdk.CfnResource(this, "C", {
  type: "AWS::SageMaker::Model", properties: { Containers: [{ Image: "caddy:2" }] },
});
new Container("d", { image: "httpd:2" });
