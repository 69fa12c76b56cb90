package main

import "github.com/aws/aws-cdk-go/awscdk/v2/awsecs"

const Seen = "nginx:1.27"

func images(name string) {
	_ = awsecs.ContainerImage_FromRegistry(jsii.String(name), nil)
	_ = awsecs.ContainerImage_FromRegistry(jsii.String(Seen), nil)
	_ = awsecs.ContainerImage_FromRegistry(pick(), nil)
	one, two := "redis:7", "httpd:2"
	_ = awsecs.ContainerImage_FromRegistry(&one, nil)
}
