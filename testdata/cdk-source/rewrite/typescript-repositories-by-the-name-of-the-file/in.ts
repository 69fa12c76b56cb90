import { Stack } from 'aws-cdk-lib'
import { Repository as Own } from 'aws-cdk-lib/aws-ecr'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'

class Web extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    add(ContainerImage.fromRegistry('httpd:2'), new Own(this, "Own"))
  }
}
