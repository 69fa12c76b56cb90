import { DockerImage } from "aws-cdk-lib";
import * as codebuild from "aws-cdk-lib/aws-codebuild";
import * as cdk from "aws-cdk-lib";

const images = [
  codebuild.LinuxBuildImage.fromDockerRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:22"),
  codebuild.LinuxArmBuildImage.fromDockerRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:22"),
  codebuild.WindowsBuildImage.fromDockerRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/python:3.13-windowsservercore"),
  DockerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/golang:1.25"),
  cdk.BundlingDockerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rust:1"),
];
new codebuild.CfnProject(stack, "Project", { environment: { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/ruby:3.4" } });
