"""Synthesises each construct in a stack that uses all of it, as app.js does.

  python app.py OUT VARIANTS   with VARIANTS as JSON: [{"name", "props": {NAME: TYPE}}]
"""

import importlib
import json
import re
import sys

from aws_cdk import App, CfnParameter, SecretValue, Stack, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam

out, variants = sys.argv[1:]
for variant in json.load(open(variants, encoding="utf-8")):
    name, props = variant["name"], variant["props"]
    app = App(analytics_reporting=False, outdir=f"{out}/{name}")
    stack = Stack(app, "Stack")
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0)
    task_definition = ecs.FargateTaskDefinition(stack, "Task")
    task_definition.add_container("web", image=ecs.ContainerImage.from_registry("web"))
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    service = ecs.FargateService(stack, "Service", cluster=cluster, task_definition=task_definition)
    value = {
        "SecretValue": lambda key: SecretValue.cfn_parameter(CfnParameter(stack, key, no_echo=True)),
        "string": lambda key: "arn:aws:iam::111122223333:role/reader",
        "ec2.IVpc": lambda key: vpc,
        "ec2.SubnetSelection": lambda key: ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        "ec2.IConnectable[]": lambda key: [service],
    }
    given = {re.sub("[A-Z]", lambda match: "_" + match[0].lower(), key): value[kind](key) for key, kind in props.items()}
    cache = importlib.import_module(name).EcrPullThroughCache(stack, "EcrPullThroughCache", **given)
    repository = ecr.Repository(stack, "Repository")
    if hasattr(cache, "grant_pull"):
        cache.grant_pull(task_definition.obtain_execution_role())
        cache.grant_pull(iam.Role.from_role_name(stack, "Imported", "node-role"))
    if hasattr(cache, "execution_role"):
        cache.execution_role("Own")
    if hasattr(cache, "registry_statements"):
        statements = cache.registry_statements([iam.AccountRootPrincipal()])
        ecr.CfnRegistryPolicy(stack, "RegistryPolicy", policy_text=iam.PolicyDocument(statements=statements))
    if hasattr(cache, "grant_build"):
        build = iam.Role(stack, "Build", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
        cache.grant_build(build, repository)
    if hasattr(cache, "ready"):
        service.node.add_dependency(cache.ready)
    app.synth()
