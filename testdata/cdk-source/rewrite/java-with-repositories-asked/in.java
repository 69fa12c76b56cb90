import software.amazon.awscdk.services.ecs.ContainerImage;

class Web extends Stack {
    Web(Construct scope, String id) {
        super(scope, id);
        add(ContainerImage.fromRegistry("nginx:1.27"));
    }
}
