import software.amazon.awscdk.services.ecs.ContainerImage;

class Web {
    static final String SEEN = "nginx:1.27";
    private static final String TWICE = "redis:7";

    Object images(String name) {
        return List.of(
            ContainerImage.fromRegistry(name),
            ContainerImage.fromRegistry(SEEN),
            ContainerImage.fromRegistry(TWICE),
            ContainerImage.fromRegistry(this.pick().image()),
            TWICE.length(),
            ContainerImage.fromEcrRepository(repository, "1"));
    }
}
