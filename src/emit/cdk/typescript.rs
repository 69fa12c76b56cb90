//! The construct in TypeScript. What is not used is not imported or declared: strict projects refuse that.

use super::{
    BETWEEN, CACHE, ENDPOINTS, EXECUTION_ROLE, GRANT_BUILD, GRANT_PULL, LOGIN, NO_LIFECYCLE, NOTHING, PULL, PUSH, Plan,
    REGISTRY, SECRET, TEMPLATES, pascal, prefixed, quoted,
};
use crate::emit::{Needs, Section, Style, secret_name};
use crate::policy::CacheRule;

pub(in crate::emit) fn emit(needs: &Needs, sections: &[Section], style: Style) -> String {
    if needs.is_empty() {
        return format!("// {NOTHING}\n");
    }
    let plan = Plan { needs, sections, style };
    let head = prefixed(plan.head(), "// ") + &imports(&plan);
    let blocks = [Some(head), constants(&plan), properties(&plan), Some(class(&plan))];
    blocks.into_iter().flatten().collect::<Vec<String>>().join("\n")
}

fn imports(plan: &Plan<'_>) -> String {
    let stack = plan.names_repositories() && !plan.style.literals;
    let core: Vec<&str> = [(!plan.with_secret().is_empty(), "SecretValue"), (stack, "Stack")]
        .into_iter()
        .filter_map(|(used, name)| used.then_some(name))
        .collect();
    let ecr = !plan.rules().is_empty() || !plan.templates().is_empty() || plan.has(Section::Builder);
    let modules = [
        (plan.has(Section::Endpoints), "ec2", "ec2"),
        (ecr, "ecr", "ecr"),
        (plan.names_repositories(), "iam", "iam"),
        (!plan.with_secret().is_empty(), "secretsmanager", "secretsmanager"),
    ];
    let core = if core.is_empty() {
        String::new()
    } else {
        format!("import {{ {} }} from \"aws-cdk-lib\";\n", core.join(", "))
    };
    let modules = modules.iter().filter(|module| module.0);
    let modules: String =
        modules.map(|(_, alias, name)| format!("import * as {alias} from \"aws-cdk-lib/aws-{name}\";\n")).collect();
    let constructs = if plan.has_ready() { "Construct, DependencyGroup" } else { "Construct" };
    format!("{core}{modules}import {{ {constructs} }} from \"constructs\";\n")
}

/// Names that more than one place says, or that are long.
fn constants(plan: &Plan<'_>) -> Option<String> {
    let list = |name: &str, items: Vec<String>| {
        format!("const {name} = [\n{}];\n", items.iter().map(|item| format!("  {item},\n")).collect::<String>())
    };
    let mut text = String::new();
    if plan.grants() || plan.has(Section::Builder) {
        text += "/** A pull through a cache rule. Without import and creation ECR answers \"not found\". */\n";
        text += &list("PULL", quoted(PULL));
    }
    if plan.has(Section::Builder) {
        text += &list("PUSH", quoted(PUSH));
    }
    if plan.names_repositories() {
        text += "/** What the cache rules fill. */\n";
        text += &list("REPOSITORIES", quoted(plan.repositories()));
    }
    if plan.templates().iter().any(|rule| !plan.is_pinned(rule)) {
        text += r#"const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "What has lost its tag",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
});
"#;
    }
    (!text.is_empty()).then_some(text)
}

/// What the construct cannot know.
fn properties(plan: &Plan<'_>) -> Option<String> {
    let mut text = String::new();
    for rule in plan.with_secret() {
        let (camel, upstream) = (camel(rule), rule.upstream().url());
        text += &format!(
            "  /** The user that ECR logs in to {upstream} as: SecretValue.cfnParameter(…), for example. */
  readonly {camel}Username: SecretValue;
  /** An access token of that user. */
  readonly {camel}AccessToken: SecretValue;
"
        );
    }
    for rule in plan.with_role() {
        let (camel, host) = (camel(rule), rule.upstream().url());
        text += &format!(
            "  /** A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read {host}. */
  readonly {camel}RoleArn: string;
"
        );
    }
    if plan.has(Section::Endpoints) {
        text += "  /** Where the endpoints are created. */
  readonly vpc: ec2.IVpc;
  /** The subnets of those who pull; without them, the private subnets, and the route tables of all. */
  readonly subnets?: ec2.SubnetSelection;
  /** Who pulls: services, or security groups of tasks and nodes. */
  readonly clients: ec2.IConnectable[];
";
    }
    (!text.is_empty()).then(|| {
        format!("/** What only you know. No secret is in this file. */\nexport interface EcrPullThroughCacheProps {{\n{text}}}\n")
    })
}

fn class(plan: &Plan<'_>) -> String {
    let parameters = if properties(plan).is_some() { ", props: EcrPullThroughCacheProps" } else { "" };
    let mut members = String::new();
    if plan.has_ready() {
        members += &comment(plan.ready());
        members += "  readonly ready = new DependencyGroup();\n";
    }
    if plan.grants() {
        members +=
            "  /** Whoever pulls needs this; it exists once it is attached. */\n  readonly pullPolicy: iam.Policy;\n";
    }
    let mut constructor = vec!["    super(scope, id);\n".to_owned()];
    constructor.extend(plan.with_secret().into_iter().map(secret));
    constructor.extend(plan.grants().then(|| policy(plan)));
    constructor.extend(plan.rules().into_iter().map(|rule| cache_rule(plan, rule)));
    constructor.extend(templates(plan));
    constructor.extend(plan.has(Section::Endpoints).then(|| endpoints(plan)));
    let constructor = constructor.join("\n");
    let mut blocks = Vec::new();
    if !members.is_empty() {
        blocks.push(members);
    }
    blocks.push(format!("  constructor(scope: Construct, id: string{parameters}) {{\n{constructor}  }}\n"));
    blocks.extend(methods(plan));
    let example = example(plan);
    format!("{example}export class EcrPullThroughCache extends Construct {{\n{}}}\n", blocks.join("\n"))
}

/// How the construct is used.
fn example(plan: &Plan<'_>) -> String {
    let props = if properties(plan).is_some() { ", { … }" } else { "" };
    let mut lines = vec![
        "/**".to_owned(),
        " * ECR's pull-through cache:".to_owned(),
        " *".to_owned(),
        format!(" *     const cache = new EcrPullThroughCache(this, \"EcrPullThroughCache\"{props});"),
    ];
    if plan.grants() {
        lines.push(" *     cache.grantPull(taskDefinition.obtainExecutionRole());".to_owned());
    }
    if plan.has_ready() {
        lines.push(" *     service.node.addDependency(cache.ready);".to_owned());
    }
    lines.push(" */".to_owned());
    lines.join("\n") + "\n"
}

fn secret(rule: &CacheRule) -> String {
    let (camel, id, name) = (camel(rule), pascal(rule), secret_name(rule));
    format!(
        r#"    // {SECRET}
    const {camel}Secret = new secretsmanager.Secret(this, "{id}Secret", {{
      secretName: "{name}",
      secretObjectValue: {{ username: props.{camel}Username, accessToken: props.{camel}AccessToken }},
    }});
"#
    )
}

fn policy(plan: &Plan<'_>) -> String {
    let secrets: String = plan
        .with_secret()
        .into_iter()
        .map(|rule| format!("    this.pullPolicy.node.addDependency({}Secret);\n", camel(rule)))
        .collect();
    let secrets = if secrets.is_empty() { secrets } else { format!("    // {BETWEEN}\n{secrets}") };
    format!(
        r#"    this.pullPolicy = new iam.Policy(this, "PullPolicy", {{
      statements: [
        new iam.PolicyStatement({{ actions: ["{LOGIN}"], resources: ["*"] }}),
        new iam.PolicyStatement({{ actions: PULL, resources: this.repositories() }}),
      ],
    }});
{secrets}    this.ready.add(this.pullPolicy);
"#
    )
}

fn cache_rule(plan: &Plan<'_>, rule: &CacheRule) -> String {
    let (camel, id, prefix, url) = (camel(rule), pascal(rule), rule.prefix(), rule.upstream().url());
    let mut more = String::new();
    if let Some(path) = rule.upstream_prefix() {
        more += &format!("      upstreamRepositoryPrefix: \"{path}\",\n");
    }
    if plan.needs.needs_role(rule) {
        more += &format!("      customRoleArn: props.{camel}RoleArn,\n");
    }
    let mut waits = String::new();
    if rule.upstream().needs_credentials() {
        more += &format!("      credentialArn: {camel}Secret.secretArn,\n");
        if plan.grants() {
            waits = format!("    {camel}CacheRule.node.addDependency(this.pullPolicy);\n");
        }
    }
    format!(
        r#"    const {camel}CacheRule = new ecr.CfnPullThroughCacheRule(this, "{id}CacheRule", {{
      ecrRepositoryPrefix: "{prefix}",
      upstreamRegistryUrl: "{url}",
{more}    }});
{waits}    this.ready.add({camel}CacheRule);
"#
    )
}

fn templates(plan: &Plan<'_>) -> Option<String> {
    let template = |rule: &CacheRule| {
        let (id, prefix) = (pascal(rule), rule.prefix());
        let (comment, lifecycle) = match plan.is_pinned(rule) {
            true => (prefixed(NO_LIFECYCLE, "    // "), ""),
            false => (String::new(), "        lifecyclePolicy: LIFECYCLE,\n"),
        };
        format!(
            r#"{comment}    this.ready.add(
      new ecr.CfnRepositoryCreationTemplate(this, "{id}Template", {{
        prefix: "{prefix}",
        appliedFor: ["PULL_THROUGH_CACHE"],
        description: "Repositories of a pull-through cache rule",
        encryptionConfiguration: {{ encryptionType: "AES256" }},
        imageTagMutability: "MUTABLE",
{lifecycle}      }}),
    );
"#
        )
    };
    let all: String = plan.templates().iter().map(template).collect();
    (!all.is_empty()).then(|| prefixed(TEMPLATES, "    // ") + &all)
}

fn endpoints(plan: &Plan<'_>) -> String {
    let comment = prefixed(ENDPOINTS, "    // ");
    let services: String = plan
        .services()
        .into_iter()
        .map(|(id, constant)| format!("      {id}: ec2.InterfaceVpcEndpointAwsService.{constant},\n"))
        .collect();
    format!(
        r#"{comment}    const securityGroup = new ec2.SecurityGroup(this, "EndpointSecurityGroup", {{
      vpc: props.vpc,
      description: "Endpoints of AWS services, for those who pull images",
      allowAllOutbound: false,
    }});
    for (const client of props.clients) {{
      securityGroup.connections.allowFrom(client, ec2.Port.tcp(443));
    }}
    const services = {{
{services}    }};
    for (const [id, service] of Object.entries(services)) {{
      this.ready.add(
        new ec2.InterfaceVpcEndpoint(this, `${{id}}Endpoint`, {{
          vpc: props.vpc,
          service,
          subnets: props.subnets,
          privateDnsEnabled: true,
          securityGroups: [securityGroup],
          open: false,
        }}),
      );
    }}
    this.ready.add(
      new ec2.GatewayVpcEndpoint(this, "S3Endpoint", {{
        vpc: props.vpc,
        service: ec2.GatewayVpcEndpointAwsService.S3,
        subnets: props.subnets && [props.subnets],
      }}),
    );
"#
    )
}

fn methods(plan: &Plan<'_>) -> Vec<String> {
    let mut methods = Vec::new();
    if plan.grants() {
        let constructs = plan.constructs("grantPull", "obtainExecutionRole");
        let comment = comment([GRANT_PULL.map(str::to_owned).to_vec(), constructs, plan.roles()].concat());
        methods.push(format!(
            "{comment}  grantPull(role: iam.IRole): void {{\n    role.attachInlinePolicy(this.pullPolicy);\n  }}\n"
        ));
    }
    if plan.has(Section::Iam) {
        methods.push(format!(
            r#"  /** {EXECUTION_ROLE} */
  executionRole(id: string): iam.Role {{
    const role = new iam.Role(this, id, {{
      assumedBy: new iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName("service-role/AmazonECSTaskExecutionRolePolicy")],
    }});
    this.grantPull(role);
    return role;
  }}
"#
        ));
    }
    if plan.has(Section::RegistryPolicy) {
        let (comment, actions) = (comment(REGISTRY.map(str::to_owned).to_vec()), quoted(CACHE).join(", "));
        methods.push(format!(
            r#"{comment}  registryStatements(principals: iam.IPrincipal[]): iam.PolicyStatement[] {{
    return [
      new iam.PolicyStatement({{
        sid: "PullThroughCache",
        principals,
        actions: [{actions}],
        resources: this.repositories(),
      }}),
    ];
  }}
"#
        ));
    }
    if plan.has(Section::Builder) {
        let comment = comment(GRANT_BUILD.map(str::to_owned).to_vec());
        methods.push(format!(
            r#"{comment}  grantBuild(role: iam.IRole, repository: ecr.IRepository): void {{
    role.addToPrincipalPolicy(new iam.PolicyStatement({{ actions: ["{LOGIN}"], resources: ["*"] }}));
    role.addToPrincipalPolicy(new iam.PolicyStatement({{ actions: PULL, resources: this.repositories() }}));
    role.addToPrincipalPolicy(new iam.PolicyStatement({{ actions: PUSH, resources: [repository.repositoryArn] }}));
  }}
"#
        ));
    }
    if plan.names_repositories() {
        let all = match plan.style.literals {
            true => "    return REPOSITORIES;\n".to_owned(),
            false => r#"    return REPOSITORIES.map((name) =>
      Stack.of(this).formatArn({ service: "ecr", resource: "repository", resourceName: name }),
    );
"#
            .to_owned(),
        };
        methods.push(format!("  private repositories(): string[] {{\n{all}  }}\n"));
    }
    methods
}

/// A comment of a member.
fn comment(lines: Vec<String>) -> String {
    format!("  /**\n{}   */\n", prefixed(lines, "   * "))
}

/// What the names of a rule's variables begin with: `dockerHub`.
fn camel(rule: &CacheRule) -> String {
    let pascal = pascal(rule);
    pascal.get(..1).unwrap_or_default().to_ascii_lowercase() + pascal.get(1..).unwrap_or_default()
}
