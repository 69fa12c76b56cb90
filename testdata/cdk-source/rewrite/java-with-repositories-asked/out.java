import software.amazon.awscdk.services.ecs.ContainerImage;

class Web extends Stack {
    Web(Construct scope, String id) {
        super(scope, id);
        add(ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"));
    }
}
