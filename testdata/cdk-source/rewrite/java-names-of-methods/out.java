package com.example;

import software.amazon.awscdk.services.ecs.ContainerImage;

class Tasks {
    private final String image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8";

    ContainerImage web() {
        String image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
        return ContainerImage.fromRegistry(image);
    }

    ContainerImage queue() {
        String image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/rabbitmq:4";
        return ContainerImage.fromRegistry(image);
    }

    ContainerImage database() {
        return ContainerImage.fromRegistry(image);
    }
}
