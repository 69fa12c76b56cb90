import { DockerImage } from "aws-cdk-lib";
import * as codebuild from "aws-cdk-lib/aws-codebuild";

DockerImage.fromRegistry("node:22");
codebuild.LinuxBuildImage.fromDockerRegistry("node:24");
