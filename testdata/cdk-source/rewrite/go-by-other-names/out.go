package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"
)

func tasks(task awsecs.CfnTaskDefinition) {
	images := map[string]string{"web": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"}
	from := awsecs.ContainerImage_FromRegistry
	awsecs.ContainerImage_FromRegistry(jsii.String(images["web"]), nil)
	from(jsii.String("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"), nil)
	task.AddPropertyOverride(jsii.String("ContainerDefinitions.0.Image"), jsii.String("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2"))
}
