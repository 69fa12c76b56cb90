const cdk = require("aws-cdk-lib");
const { ContainerImage } = require("aws-cdk-lib/aws-ecs");

exports.web = <Image of={ContainerImage.fromRegistry("nginx:1.27")} named="nginx" />;
