import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { Repository } from 'aws-cdk-lib/aws-ecr';

import { EcrPullThroughCache } from './ecr-cache';

/** The notice board of a library: static pages, read from within the network only. */
export class NoticesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });

    const task = new ecs.FargateTaskDefinition(this, 'Task', { cpu: 256, memoryLimitMiB: 512 });
    task.addContainer('httpd', {
      image: ecs.ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, 'EcrPublicDockerLibraryHttpd', 'ecr-public/docker/library/httpd'), '2.4.58-alpine'),
      portMappings: [{ containerPort: 80 }],
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'notices' }),
    });

    const service = new ecs.FargateService(this, 'Service', {
      cluster: new ecs.Cluster(this, 'Cluster', { vpc }),
      taskDefinition: task,
      desiredCount: 1,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });

    const cache = new EcrPullThroughCache(this, 'Cache', {
      vpc,
      subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      clients: [service],
    });
    cache.grantPull(task.obtainExecutionRole());
    service.node.addDependency(cache.ready);
  }
}
