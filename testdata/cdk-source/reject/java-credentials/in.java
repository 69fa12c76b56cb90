import software.amazon.awscdk.services.ecs.ContainerImage;

class Web {
    Object image = ContainerImage.fromRegistry("nginx:1", RepositoryImageProps.builder().credentials(secret).build());
}
