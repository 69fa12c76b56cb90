import os, aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

ecs.ContainerImage.from_registry("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27")
