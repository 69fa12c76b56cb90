import { Stack } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Aws } from 'aws-cdk-lib';

ContainerImage.fromRegistry(`nginx:1.27`);
ContainerImage.fromRegistry(`nginx:\${TAG}`);
ContainerImage.fromRegistry(`nginx:` + tag);
ContainerImage.fromRegistry(`public.ecr.aws/a/b:${tag}`);
