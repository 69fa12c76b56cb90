package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"
)

func web() awsecs.ContainerImage {
	image := "nginx:1.27"
	return awsecs.ContainerImage_FromRegistry(jsii.String(image), nil)
}

func queue() awsecs.ContainerImage {
	image := "rabbitmq:4"
	return awsecs.ContainerImage_FromRegistry(&image, nil)
}
