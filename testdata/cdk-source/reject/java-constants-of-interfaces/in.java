package com.example;

import software.amazon.awscdk.services.ecs.ContainerImage;

interface Images {
    String WEB = "nginx:1.27";
}

class Tasks implements Images {
    ContainerImage web() {
        return ContainerImage.fromRegistry(Images.WEB);
    }
}
