const cdk = require("aws-cdk-lib");
const { ContainerImage } = require("aws-cdk-lib/aws-ecs");

exports.web = <Image of={ContainerImage.fromRegistry(`${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/nginx:1.27`)} named="nginx" />;
