import software.amazon.awscdk.services.ecs.ContainerImage;

class Web {
    ContainerImage image = ContainerImage.fromRegistry("nginx:1.27");
}
