import { DockerImage } from "aws-cdk-lib";
import * as codebuild from "aws-cdk-lib/aws-codebuild";
import * as lambda from "aws-cdk-lib/aws-lambda";

const image = codebuild.LinuxBuildImage.fromDockerRegistry("node:22");
const local = DockerImage.fromRegistry("golang:1.25");
new lambda.CfnFunction(stack, "Function", { code: { imageUri: "public.ecr.aws/lambda/nodejs:22" } });
new Other(stack, "Other", { image: "nginx:1.27", url: "quay.io/a/b" });
const own = codebuild.LinuxBuildImage.fromDockerRegistry("aws/codebuild/standard:7.0");
