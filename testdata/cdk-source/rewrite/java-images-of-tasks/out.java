package com.example;

import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;

public class Web extends software.amazon.awscdk.Stack {
    private static final String IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
    private final String version;

    // The image nginx:1.27 of a comment stays.
    public Web(final Construct scope, final String id) {
        super(scope, id);
        task.addContainer("a", ContainerDefinitionOptions.builder()
            .image(ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7"))
            .memoryLimitMiB(512)
            .build());
        task.addContainer("b", options(ContainerImage.fromRegistry(IMAGE)));
        task.addContainer("c", options(ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:" + version)));
        task.addContainer("d", options(ContainerImage.fromRegistry(String.format("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:%s", version))));
        CfnTaskDefinition.Builder.create(this, "Low")
            .containerDefinitions(List.of(CfnTaskDefinition.ContainerDefinitionProperty.builder()
                .name("x")
                .image("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox:1.37")
                .build()))
            .build();
        cluster.addManifest("pod", Map.of(
            "apiVersion", "v1",
            "kind", "Pod",
            "spec", Map.of("containers", List.of(Map.of("name", "web", "image", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1")))));
    }
}
