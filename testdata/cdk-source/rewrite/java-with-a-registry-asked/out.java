import software.amazon.awscdk.services.ecs.ContainerImage;

class Web {
    ContainerImage image = ContainerImage.fromRegistry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27");
}
