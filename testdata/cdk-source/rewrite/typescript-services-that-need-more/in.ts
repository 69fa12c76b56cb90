import { DockerImage } from "aws-cdk-lib";
import * as codebuild from "aws-cdk-lib/aws-codebuild";
import * as cdk from "aws-cdk-lib";

const images = [
  codebuild.LinuxBuildImage.fromDockerRegistry("node:22"),
  codebuild.LinuxArmBuildImage.fromDockerRegistry("node:22"),
  codebuild.WindowsBuildImage.fromDockerRegistry("python:3.13-windowsservercore"),
  DockerImage.fromRegistry("golang:1.25"),
  cdk.BundlingDockerImage.fromRegistry("rust:1"),
];
new codebuild.CfnProject(stack, "Project", { environment: { image: "ruby:3.4" } });
