package com.example;

import software.amazon.awscdk.services.ecs.CfnTaskDefinition;

class Tasks {
    void tasks(CfnTaskDefinition task) {
        task.addPropertyOverride("ContainerDefinitions.0.Image", "nginx:1.27");
        task.addOverride("Properties.ContainerDefinitions.1.Image", "redis:7");
    }
}
