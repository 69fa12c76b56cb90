import { App, Stack, StackProps } from 'aws-cdk-lib'
import * as batch from 'aws-cdk-lib/aws-batch'
import * as codebuild from 'aws-cdk-lib/aws-codebuild'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import { Repository as Own } from 'aws-cdk-lib/aws-ecr'
import { CfnTaskDefinition, ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { Size } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'

const images = { job: 'python:3.13-slim', low: 'public.ecr.aws/docker/library/busybox:1.37' }

class Job extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    new batch.EcsJobDefinition(this, 'Definition', {
      container: new batch.EcsFargateContainerDefinition(this, 'Container', {
        image: ContainerImage.fromRegistry('public.ecr.aws/amazonlinux/amazonlinux:2023'),
        cpu: 1,
        memory: Size.mebibytes(2048),
      }),
    })
  }
}

class Jobs extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)
    new ec2.Vpc(this, 'Vpc', { natGateways: 0 })
    // One construct for each: what is named in it is named once a construct.
    new Job(this, 'One')
    new Job(this, 'Other')
    new batch.CfnJobDefinition(this, 'Low', {
      type: 'container',
      containerProperties: { image: images.job, command: ['true'] },
    })
    new CfnTaskDefinition(this, 'Task', {
      containerDefinitions: [{ name: 'low', image: images.low, memory: 64 }],
    })
    const task = new FargateTaskDefinition(this, 'High')
    task.addContainer('one', { image: ContainerImage.fromRegistry('httpd:2.4') })
    task.addContainer('same', { image: ContainerImage.fromRegistry('httpd:2.4') })
    task.addContainer('own', { image: ContainerImage.fromEcrRepository(new Own(this, 'Own'), '1') })
    new codebuild.Project(this, 'Build', {
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
      environment: { buildImage: codebuild.LinuxBuildImage.fromDockerRegistry('node:22') },
    })
  }
}

new Jobs(new App(), 'Jobs')
