package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"
)

// The image nginx:1.27 of a comment stays.
func NewWeb(scope constructs.Construct, id string, version string) {
	const image = "memcached:1.6"
	task.AddContainer(jsii.String("a"), &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromRegistry(jsii.String("nginx:1.27"), &awsecs.RepositoryImageProps{}),
	})
	task.AddContainer(jsii.String("b"), &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromRegistry(jsii.String(fmt.Sprintf("redis:%s", version)), nil),
	})
	task.AddContainer(jsii.String("c"), &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromRegistry(jsii.String(image), nil),
	})
	awsecs.NewCfnTaskDefinition(stack, jsii.String("Low"), &awsecs.CfnTaskDefinitionProps{
		ContainerDefinitions: &[]interface{}{
			&awsecs.CfnTaskDefinition_ContainerDefinitionProperty{
				Name:  jsii.String("x"),
				Image: jsii.String(`busybox:1.37`),
			},
		},
	})
	cluster.AddManifest(jsii.String("pod"), &map[string]interface{}{
		"apiVersion": "v1",
		"kind":       "Pod",
		"spec": map[string]interface{}{
			"containers": []map[string]interface{}{
				{"name": "web", "image": "httpd:2"},
			},
		},
	})
}
