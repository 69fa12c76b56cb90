package main

import "github.com/aws/aws-cdk-go/awscdk/v2/awsecs"

func images() {
	name := "nginx:1.27"
	_ = map[string]int{name: 1}
	_ = awsecs.ContainerImage_FromRegistry(&name, nil)
	_ = awsecs.ContainerImage_FromRegistry(jsii.String("nginx:1"), &awsecs.RepositoryImageProps{Credentials: secret})
}
