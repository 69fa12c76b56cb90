import os, aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

ecs.ContainerImage.from_registry("nginx:1.27")
