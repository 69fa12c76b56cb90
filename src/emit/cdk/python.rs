//! The construct in Python, with the ids of the one in TypeScript.

use super::{
    BETWEEN, CACHE, ENDPOINTS, EXECUTION_ROLE, GRANT_BUILD, GRANT_PULL, LOGIN, NO_LIFECYCLE, NOTHING, PULL, PUSH, Plan,
    REGISTRY, SECRET, TEMPLATES, pascal, prefixed, quoted, words,
};
use crate::emit::{Needs, Section, Style, secret_name};
use crate::policy::CacheRule;

pub(in crate::emit) fn emit(needs: &Needs, sections: &[Section], style: Style) -> String {
    if needs.is_empty() {
        return format!("# {NOTHING}\n");
    }
    let plan = Plan { needs, sections, style };
    let head = prefixed(plan.head(), "# ") + &imports(&plan);
    let top: Vec<String> = [Some(head), constants(&plan)].into_iter().flatten().collect();
    format!("{}\n\n{}", top.join("\n"), class(&plan))
}

fn imports(plan: &Plan<'_>) -> String {
    let stack = plan.names_repositories() && !plan.style.literals;
    let ecr = !plan.rules().is_empty() || !plan.templates().is_empty() || plan.has(Section::Builder);
    let names = [
        (!plan.with_secret().is_empty(), "SecretValue"),
        (stack, "Stack"),
        (plan.has(Section::Endpoints), "aws_ec2 as ec2"),
        (ecr, "aws_ecr as ecr"),
        (plan.names_repositories(), "aws_iam as iam"),
        (!plan.with_secret().is_empty(), "aws_secretsmanager as secretsmanager"),
    ];
    let core: String =
        names.iter().filter(|name| name.0).map(|(_, name)| format!("from aws_cdk import {name}\n")).collect();
    let json = if writes_lifecycle(plan) { "import json\n\n" } else { "" };
    let constructs = if plan.has_ready() { "Construct, DependencyGroup" } else { "Construct" };
    format!("\n{json}{core}from constructs import {constructs}\n")
}

fn writes_lifecycle(plan: &Plan<'_>) -> bool {
    plan.templates().iter().any(|rule| !plan.is_pinned(rule))
}

/// Names that more than one place says, or that are long.
fn constants(plan: &Plan<'_>) -> Option<String> {
    let list = |name: &str, items: Vec<String>| {
        format!("{name} = [\n{}]\n", items.iter().map(|item| format!("    {item},\n")).collect::<String>())
    };
    let mut text = String::new();
    if plan.grants() || plan.has(Section::Builder) {
        text += "# A pull through a cache rule. Without import and creation ECR answers \"not found\".\n";
        text += &list("PULL", quoted(PULL));
    }
    if plan.has(Section::Builder) {
        text += &list("PUSH", quoted(PUSH));
    }
    if plan.names_repositories() {
        text += "# What the cache rules fill.\n";
        text += &list("REPOSITORIES", quoted(plan.repositories()));
    }
    if writes_lifecycle(plan) {
        text += r#"LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "description": "What has lost its tag",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 14,
            },
            "action": {"type": "expire"},
        },
    ],
}
"#;
    }
    (!text.is_empty()).then_some(text)
}

/// What the construct cannot know: parameters, and the lines that document them.
fn parameters(plan: &Plan<'_>) -> (Vec<String>, Vec<String>) {
    let (mut parameters, mut lines) = (Vec::new(), Vec::new());
    for rule in plan.with_secret() {
        let (snake, upstream) = (snake(rule), rule.upstream().url());
        parameters.push(format!("{snake}_username: SecretValue"));
        lines.push(format!("{snake}_username: the user that ECR logs in to {upstream} as,"));
        lines.push("    for example SecretValue.cfn_parameter(…)".to_owned());
        parameters.push(format!("{snake}_access_token: SecretValue"));
        lines.push(format!("{snake}_access_token: an access token of that user"));
    }
    for rule in plan.with_role() {
        let (snake, host) = (snake(rule), rule.upstream().url());
        parameters.push(format!("{snake}_role_arn: str"));
        lines.push(format!("{snake}_role_arn: a role that pullthroughcache.ecr.amazonaws.com may assume,"));
        lines.push(format!("    and that may read {host}"));
    }
    if plan.has(Section::Endpoints) {
        parameters.push("vpc: ec2.IVpc".to_owned());
        lines.push("vpc: where the endpoints are created".to_owned());
        parameters.push("clients: list[ec2.IConnectable]".to_owned());
        lines.push("clients: who pulls: services, or security groups of tasks and nodes".to_owned());
        parameters.push("subnets: ec2.SubnetSelection | None = None".to_owned());
        lines.push("subnets: the subnets of those who pull; without them, the private subnets,".to_owned());
        lines.push("    and the route tables of all".to_owned());
    }
    (parameters, lines)
}

fn class(plan: &Plan<'_>) -> String {
    let (parameters, documented) = parameters(plan);
    let mut constructor = vec![String::new()];
    if plan.has_ready() {
        constructor[0] += &prefixed(plan.ready(), "        # ");
        constructor[0] += "        self.ready = DependencyGroup()\n";
    }
    constructor.extend(plan.with_secret().into_iter().map(secret));
    constructor.extend(plan.grants().then(|| policy(plan)));
    constructor.extend(plan.rules().into_iter().map(|rule| cache_rule(plan, rule)));
    constructor.extend(templates(plan));
    constructor.extend(plan.has(Section::Endpoints).then(|| endpoints(plan)));
    constructor.retain(|block| !block.is_empty());
    let constructor = constructor.iter().map(|block| format!("\n{block}")).collect::<String>();
    let star = if parameters.is_empty() { String::new() } else { "        *,\n".to_owned() };
    let parameters = prefixed(parameters.iter().map(|parameter| format!("{parameter},")), "        ");
    let signature = match parameters.is_empty() {
        true => "    def __init__(self, scope: Construct, construct_id: str) -> None:\n".to_owned(),
        false => format!(
            "    def __init__(\n        self,\n        scope: Construct,\n        construct_id: str,\n{star}{parameters}    ) -> None:\n"
        ),
    };
    let init = format!("{signature}        super().__init__(scope, construct_id)\n{constructor}");
    let docstring = docstring(plan, documented);
    let blocks = [vec![init], methods(plan)].concat();
    format!("class EcrPullThroughCache(Construct):\n{docstring}\n{}", blocks.join("\n"))
}

/// How the construct is used.
fn docstring(plan: &Plan<'_>, documented: Vec<String>) -> String {
    let values = if documented.is_empty() { "" } else { ", …" };
    let mut lines = vec![
        "\"\"\"ECR's pull-through cache:".to_owned(),
        String::new(),
        format!("    cache = EcrPullThroughCache(self, \"EcrPullThroughCache\"{values})"),
    ];
    if plan.grants() {
        lines.push("    cache.grant_pull(task_definition.obtain_execution_role())".to_owned());
    }
    if plan.has_ready() {
        lines.push("    service.node.add_dependency(cache.ready)".to_owned());
    }
    if !documented.is_empty() {
        lines.push(String::new());
        lines.push("What only you know; no secret is in this file:".to_owned());
        lines.push(String::new());
        lines.extend(documented);
    }
    lines.push("\"\"\"".to_owned());
    indented(&lines, "    ")
}

fn secret(rule: &CacheRule) -> String {
    let (snake, id, name) = (snake(rule), pascal(rule), secret_name(rule));
    format!(
        r#"        # {SECRET}
        {snake}_secret = secretsmanager.Secret(
            self,
            "{id}Secret",
            secret_name="{name}",
            secret_object_value={{
                "username": {snake}_username,
                "accessToken": {snake}_access_token,
            }},
        )
"#
    )
}

fn policy(plan: &Plan<'_>) -> String {
    let secrets: String = plan
        .with_secret()
        .into_iter()
        .map(|rule| format!("        self.pull_policy.node.add_dependency({}_secret)\n", snake(rule)))
        .collect();
    let secrets = if secrets.is_empty() { secrets } else { format!("        # {BETWEEN}\n{secrets}") };
    format!(
        r#"        self.pull_policy = iam.Policy(
            self,
            "PullPolicy",
            statements=[
                iam.PolicyStatement(actions=["{LOGIN}"], resources=["*"]),
                iam.PolicyStatement(actions=PULL, resources=self._repositories()),
            ],
        )
{secrets}        self.ready.add(self.pull_policy)
"#
    )
}

fn cache_rule(plan: &Plan<'_>, rule: &CacheRule) -> String {
    let (snake, id, prefix, url) = (snake(rule), pascal(rule), rule.prefix(), rule.upstream().url());
    let mut more = String::new();
    if let Some(path) = rule.upstream_prefix() {
        more += &format!("            upstream_repository_prefix=\"{path}\",\n");
    }
    if plan.needs.needs_role(rule) {
        more += &format!("            custom_role_arn={snake}_role_arn,\n");
    }
    let mut waits = String::new();
    if rule.upstream().needs_credentials() {
        more += &format!("            credential_arn={snake}_secret.secret_arn,\n");
        if plan.grants() {
            waits = format!("        {snake}_cache_rule.node.add_dependency(self.pull_policy)\n");
        }
    }
    format!(
        r#"        {snake}_cache_rule = ecr.CfnPullThroughCacheRule(
            self,
            "{id}CacheRule",
            ecr_repository_prefix="{prefix}",
            upstream_registry_url="{url}",
{more}        )
{waits}        self.ready.add({snake}_cache_rule)
"#
    )
}

fn templates(plan: &Plan<'_>) -> Option<String> {
    let template = |rule: &CacheRule| {
        let (id, prefix) = (pascal(rule), rule.prefix());
        let (comment, lifecycle) = match plan.is_pinned(rule) {
            true => (prefixed(NO_LIFECYCLE, "        # "), ""),
            false => {
                (String::new(), "                lifecycle_policy=json.dumps(LIFECYCLE, separators=(\",\", \":\")),\n")
            }
        };
        format!(
            r#"{comment}        self.ready.add(
            ecr.CfnRepositoryCreationTemplate(
                self,
                "{id}Template",
                prefix="{prefix}",
                applied_for=["PULL_THROUGH_CACHE"],
                description="Repositories of a pull-through cache rule",
                encryption_configuration=ecr.CfnRepositoryCreationTemplate.EncryptionConfigurationProperty(
                    encryption_type="AES256",
                ),
                image_tag_mutability="MUTABLE",
{lifecycle}            )
        )
"#
        )
    };
    let all: String = plan.templates().iter().map(template).collect();
    (!all.is_empty()).then(|| prefixed(TEMPLATES, "        # ") + &all)
}

fn endpoints(plan: &Plan<'_>) -> String {
    let comment = prefixed(ENDPOINTS, "        # ");
    let services: String = plan
        .services()
        .into_iter()
        .map(|(id, constant)| format!("            \"{id}\": ec2.InterfaceVpcEndpointAwsService.{constant},\n"))
        .collect();
    format!(
        r#"{comment}        security_group = ec2.SecurityGroup(
            self,
            "EndpointSecurityGroup",
            vpc=vpc,
            description="Endpoints of AWS services, for those who pull images",
            allow_all_outbound=False,
        )
        for client in clients:
            security_group.connections.allow_from(client, ec2.Port.tcp(443))
        services = {{
{services}        }}
        for name, service in services.items():
            self.ready.add(
                ec2.InterfaceVpcEndpoint(
                    self,
                    f"{{name}}Endpoint",
                    vpc=vpc,
                    service=service,
                    subnets=subnets,
                    private_dns_enabled=True,
                    security_groups=[security_group],
                    open=False,
                )
            )
        self.ready.add(
            ec2.GatewayVpcEndpoint(
                self,
                "S3Endpoint",
                vpc=vpc,
                service=ec2.GatewayVpcEndpointAwsService.S3,
                subnets=[subnets] if subnets else None,
            )
        )
"#
    )
}

fn methods(plan: &Plan<'_>) -> Vec<String> {
    let mut methods = Vec::new();
    if plan.grants() {
        let constructs = plan.constructs("grant_pull", "obtain_execution_role").into_iter();
        let lines: Vec<String> =
            GRANT_PULL.iter().map(|line| pythonic(line)).chain(constructs).chain(plan.roles()).collect();
        let docstring = quoted_lines(&lines);
        methods.push(format!(
            "    def grant_pull(self, role: iam.IRole) -> None:\n{docstring}        role.attach_inline_policy(self.pull_policy)\n"
        ));
    }
    if plan.has(Section::Iam) {
        methods.push(format!(
            r#"    def execution_role(self, construct_id: str) -> iam.Role:
        """{EXECUTION_ROLE}"""
        role = iam.Role(
            self,
            construct_id,
            assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonECSTaskExecutionRolePolicy"),
            ],
        )
        self.grant_pull(role)
        return role
"#
        ));
    }
    if plan.has(Section::RegistryPolicy) {
        let docstring = quoted_lines(&REGISTRY.map(str::to_owned));
        let actions = quoted(CACHE).join(", ");
        methods.push(format!(
            r#"    def registry_statements(self, principals: list[iam.IPrincipal]) -> list[iam.PolicyStatement]:
{docstring}        return [
            iam.PolicyStatement(
                sid="PullThroughCache",
                principals=principals,
                actions=[{actions}],
                resources=self._repositories(),
            ),
        ]
"#
        ));
    }
    if plan.has(Section::Builder) {
        let docstring = quoted_lines(&GRANT_BUILD.map(str::to_owned));
        methods.push(format!(
            r#"    def grant_build(self, role: iam.IRole, repository: ecr.IRepository) -> None:
{docstring}        role.add_to_principal_policy(iam.PolicyStatement(actions=["{LOGIN}"], resources=["*"]))
        role.add_to_principal_policy(iam.PolicyStatement(actions=PULL, resources=self._repositories()))
        role.add_to_principal_policy(iam.PolicyStatement(actions=PUSH, resources=[repository.repository_arn]))
"#
        ));
    }
    if plan.names_repositories() {
        let all = match plan.style.literals {
            true => "        return REPOSITORIES\n".to_owned(),
            false => r#"        stack = Stack.of(self)
        return [
            stack.format_arn(service="ecr", resource="repository", resource_name=name)
            for name in REPOSITORIES
        ]
"#
            .to_owned(),
        };
        methods.push(format!("    def _repositories(self) -> list[str]:\n{all}"));
    }
    methods
}

/// A docstring of a method.
fn quoted_lines(lines: &[String]) -> String {
    let mut lines = lines.to_vec();
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, "\"\"\"");
    }
    lines.push("\"\"\"".to_owned());
    indented(&lines, "        ")
}

/// Names of the CDK as Python has them.
fn pythonic(line: &str) -> String {
    line.replace("iam.Role.fromRoleName(…)", "iam.Role.from_role_name(…)")
}

/// Lines, each indented unless it is empty.
fn indented(lines: &[String], by: &str) -> String {
    lines.iter().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{by}{line}\n") }).collect()
}

/// What the names of a rule's variables begin with: `docker_hub`.
fn snake(rule: &CacheRule) -> String {
    words(rule).join("_")
}
