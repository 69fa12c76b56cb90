import { Stack, StackProps } from 'aws-cdk-lib'
import * as ecr from 'aws-cdk-lib/aws-ecr'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { Repository } from './repository'

export class Early extends BaseStack {
  constructor(scope: Construct) {
    super(scope, { image: ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/httpd:2') })
    this.add(ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(this, 'EarlyEcrPublicDockerLibraryHttpd', 'ecr-public/docker/library/httpd'), '2'), new Repository())
  }
}

export class Plain extends Options {
  private readonly own = ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/caddy:2')
  constructor(id: string, more: Options) {
    super(more)
    this.add(ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/mongo:8'))
  }
}

export class Delivery extends cdk.Stage {
  constructor(scope: Construct, image = ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7')) {
    super(scope)
    this.add(ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1'))
  }
}
