import * as cdk from 'aws-cdk-lib';
import { ContainerImage, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';

const IMAGES = { web: '111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27' } as const;
const BY_TYPE: { image: string } = <const>{ image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2.4' };
const ONE: 'redis:7' | 'redis:8' = 'redis:7';
enum Image {
  Search = '111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/solr:9',
}
ContainerImage.fromRegistry(Image.Search);
const made = (image = `${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/traefik:3`) => ContainerImage.fromRegistry(image);
ContainerImage.fromRegistry(IMAGES.web);
ContainerImage.fromRegistry(BY_TYPE.image);
ContainerImage.fromRegistry(ONE);
ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/memcached:1' as 'memcached:1');
ContainerImage.fromRegistry(cdk.Fn.sub('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/a/b:${Tag}', { Tag: '1' }));
ContainerImage.fromRegistry(`${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}/ecr-public/docker/library/node:22` as string);
