package com.example;

import software.amazon.awscdk.services.ecs.ContainerImage;

class Tasks {
    private static final String WEB = "nginx:1.27";

    ContainerImage web() {
        return ContainerImage.fromRegistry(WEB);
    }

    ContainerImage more() {
        return ContainerImage.fromRegistry(Tasks.WEB);
    }
}
