import * as cdk from 'aws-cdk-lib';
import { ContainerImage, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';

const IMAGES = { web: 'nginx:1.27' } as const;
const BY_TYPE: { image: string } = <const>{ image: 'httpd:2.4' };
const ONE: 'redis:7' | 'redis:8' = 'redis:7';
enum Image {
  Search = 'solr:9',
}
ContainerImage.fromRegistry(Image.Search);
const made = (image = 'traefik:3') => ContainerImage.fromRegistry(image);
ContainerImage.fromRegistry(IMAGES.web);
ContainerImage.fromRegistry(BY_TYPE.image);
ContainerImage.fromRegistry(ONE);
ContainerImage.fromRegistry('memcached:1' as 'memcached:1');
ContainerImage.fromRegistry(cdk.Fn.sub('public.ecr.aws/a/b:${Tag}', { Tag: '1' }));
ContainerImage.fromRegistry('node:22' as string);
