package main

import "github.com/aws/aws-cdk-go/awscdk/v2/awsecs"

func images() {
	Image := "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
	_ = &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromRegistry(jsii.String(Image), nil),
	}
}
