package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"
)

func tasks(task awsecs.CfnTaskDefinition) {
	images := map[string]string{"web": "nginx:1.27"}
	from := awsecs.ContainerImage_FromRegistry
	awsecs.ContainerImage_FromRegistry(jsii.String(images["web"]), nil)
	from(jsii.String("redis:7"), nil)
	task.AddPropertyOverride(jsii.String("ContainerDefinitions.0.Image"), jsii.String("caddy:2"))
}
