package com.example;

import software.amazon.awscdk.services.ecs.CfnTaskDefinition;

class Tasks {
    void tasks(CfnTaskDefinition task) {
        task.addPropertyOverride("ContainerDefinitions.0.Image", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27");
        task.addOverride("Properties.ContainerDefinitions.1.Image", "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7");
    }
}
