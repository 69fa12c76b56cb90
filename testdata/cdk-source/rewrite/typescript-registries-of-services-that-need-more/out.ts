import { DockerImage } from "aws-cdk-lib";
import * as codebuild from "aws-cdk-lib/aws-codebuild";
import { Aws } from "aws-cdk-lib";

DockerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/node:22");
codebuild.LinuxBuildImage.fromDockerRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/ecr-public/docker/library/node:24`);
