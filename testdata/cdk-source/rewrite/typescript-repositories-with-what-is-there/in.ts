import { Stack, StackProps } from 'aws-cdk-lib'
import * as ecr from 'aws-cdk-lib/aws-ecr'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { Repository } from './repository'

export class Early extends BaseStack {
  constructor(scope: Construct) {
    super(scope, { image: ContainerImage.fromRegistry('httpd:2') })
    this.add(ContainerImage.fromRegistry('httpd:2'), new Repository())
  }
}

export class Plain extends Options {
  private readonly own = ContainerImage.fromRegistry('caddy:2')
  constructor(id: string, more: Options) {
    super(more)
    this.add(ContainerImage.fromRegistry('mongo:8'))
  }
}

export class Delivery extends cdk.Stage {
  constructor(scope: Construct, image = ContainerImage.fromRegistry('redis:7')) {
    super(scope)
    this.add(ContainerImage.fromRegistry('nginx:1'))
  }
}
