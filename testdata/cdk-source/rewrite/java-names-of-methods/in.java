package com.example;

import software.amazon.awscdk.services.ecs.ContainerImage;

class Tasks {
    private final String image = "mongo:8";

    ContainerImage web() {
        String image = "nginx:1.27";
        return ContainerImage.fromRegistry(image);
    }

    ContainerImage queue() {
        String image = "rabbitmq:4";
        return ContainerImage.fromRegistry(image);
    }

    ContainerImage database() {
        return ContainerImage.fromRegistry(image);
    }
}
