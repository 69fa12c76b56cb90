package com.example;

import software.amazon.awscdk.services.ecs.ContainerImage;

class Tasks {
    private static final String WEB = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";

    ContainerImage web() {
        return ContainerImage.fromRegistry(WEB);
    }

    ContainerImage more() {
        return ContainerImage.fromRegistry(Tasks.WEB);
    }
}
