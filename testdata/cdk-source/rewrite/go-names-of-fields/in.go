package main

import "github.com/aws/aws-cdk-go/awscdk/v2/awsecs"

func images() {
	Image := "nginx:1.27"
	_ = &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromRegistry(jsii.String(Image), nil),
	}
}
