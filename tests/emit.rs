//! What is emitted, against texts written out by hand.

use ecrewrite::emit::{
    CachedImage, Dialect, File, Needs, PullingRole, RoleDefinition, Section, Style, Workload, emit, emit_each,
};
use ecrewrite::{CacheRule, OfficialRoute, Policy, Registry};

const DIALECTS: [Dialect; 5] =
    [Dialect::Terraform, Dialect::CloudFormation, Dialect::CloudFormationJson, Dialect::Cli, Dialect::Json];
const LITERALS: Style = Style { literals: true, provider: 6 };

fn policy(registry: Registry, rules: &[&str]) -> Policy {
    let rules: Vec<CacheRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Policy::new(registry, rules, OfficialRoute::EcrPublic).unwrap()
}

fn known() -> Registry {
    Registry::new(Some("111122223333"), Some("eu-central-1")).unwrap()
}

fn written(name: &str) -> String {
    let path = format!("{}/testdata/emit/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of the first file.
fn text(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> String {
    emit(needs, sections, dialect, style).remove(0).text
}

fn names(files: &[File]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

fn role(file: &str, definition: RoleDefinition) -> PullingRole {
    PullingRole { file: file.to_owned(), definition }
}

fn pinned(repository: &str) -> CachedImage {
    let digest = Some(format!("sha256:{}", "0f".repeat(32)));
    CachedImage { repository: repository.to_owned(), tag: None, digest }
}

#[test]
fn the_texts_written_by_hand() {
    let endings = [
        (Dialect::Terraform, "tf"),
        (Dialect::CloudFormation, "yaml"),
        (Dialect::CloudFormationJson, "template.json"),
        (Dialect::Cli, "sh"),
        (Dialect::Json, "json"),
    ];
    let small = Needs::new(&policy(known(), &[]), ["ecr-public"]);
    for (dialect, ending) in endings {
        assert_eq!(dialect.emit(&small), written(&format!("small.{ending}")), "{dialect:?}");
    }
    let rules = policy(known(), &["registry-1.docker.io=docker-hub"]);
    let credentials = Needs::new(&rules, ["ecr-public", "docker-hub"]);
    for (dialect, ending) in endings.into_iter().filter(|row| row.0 != Dialect::CloudFormationJson) {
        let written = written(&format!("credentials.{ending}"));
        assert_eq!(text(&credentials, &[Section::Rules, Section::Iam], dialect, LITERALS), written, "{dialect:?}");
    }
    let rules = policy(
        known(),
        &[
            "quay.io/prometheus=prom",
            "444455556666.dkr.ecr.eu-west-1.amazonaws.com=partner",
            "111122223333.dkr.ecr.us-east-1.amazonaws.com=home",
        ],
    );
    let upstreams = Needs::new(&rules, ["prom", "partner", "home"]);
    for (dialect, ending) in [(Dialect::Terraform, "tf"), (Dialect::CloudFormation, "yaml"), (Dialect::Cli, "sh")] {
        let written = written(&format!("upstreams.{ending}"));
        assert_eq!(text(&upstreams, &[Section::Rules], dialect, Style::default()), written, "{dialect:?}");
    }
}

#[test]
fn the_other_sections_written_by_hand() {
    let needs = Needs::new(&policy(known(), &["quay=quay"]), ["quay"])
        .with_existing(["quay".to_owned()])
        .with_images([pinned("quay/prometheus/prometheus")])
        .with_exact_repositories()
        .with_workload(Workload { fargate: true, logs: true, ..Workload::default() })
        .with_roles([
            role("infra/roles.tf", RoleDefinition::Terraform("tasks".into())),
            role("stacks/service.yaml", RoleDefinition::CloudFormation("ExecutionRole".into())),
        ]);
    let sections = [Section::Templates, Section::RegistryPolicy, Section::Endpoints, Section::Builder, Section::Attach];
    let terraform = text(&needs, &sections, Dialect::Terraform, Style { literals: false, provider: 5 });
    assert_eq!(terraform, written("sections.tf"));
    let files = emit(&needs, &sections, Dialect::CloudFormation, Style::default());
    assert_eq!(names(&files), ["ecr-cache.yaml", "attach-stacks-service-ExecutionRole.yaml", "attach.yaml"]);
    assert_eq!(files[0].text, written("sections.yaml"));
    assert_eq!(files[1].text, written("attach.yaml"));
    let other = "# The role aws_iam_role.tasks of infra/roles.tf is Terraform's, and needs the policy too.\n";
    assert_eq!(files[2].text, other);
    assert_eq!(text(&needs, &sections, Dialect::Cli, Style::default()), written("sections.sh"));
}

#[test]
fn one_file_a_section() {
    let needs = Needs::new(&policy(known(), &["quay=quay"]), ["quay"]);
    let each = |dialect| emit_each(&needs, &Section::ALL[..7], dialect, Style::default());
    let infrastructure = ["rules", "iam", "templates", "registry-policy", "endpoints", "builder", "attach"];
    let terraform = each(Dialect::Terraform);
    assert_eq!(terraform[0].name, "registry.tf");
    for (dialect, ending) in [(Dialect::CloudFormation, "yaml"), (Dialect::CloudFormationJson, "json")] {
        let expected = infrastructure.map(|name| format!("{name}.{ending}"));
        assert_eq!(names(&each(dialect)), expected);
    }
    assert_eq!(names(&terraform[1..]), infrastructure.map(|name| format!("{name}.tf")));
    assert_eq!(names(&each(Dialect::Cli)), infrastructure.map(|name| format!("{name}.sh")));
    assert_eq!(names(&each(Dialect::Json)), ["iam.json", "registry-policy.json", "builder.json"]);
    // The sections of another module of Terraform have nothing to share.
    let rules = emit_each(&needs, &[Section::Rules], Dialect::Terraform, LITERALS);
    assert_eq!(names(&rules), ["rules.tf"]);
}

#[test]
fn what_a_dialect_does_not_write_is_left_out() {
    let needs = Needs::new(&policy(known(), &["quay=quay"]), ["quay"]);
    // Other sections have languages of their own, whatever the dialect.
    for dialect in DIALECTS {
        let files = emit(&needs, &[Section::Kubernetes, Section::WarmUp], dialect, Style::default());
        assert_eq!(names(&files), ["warm-up.sh", "kyverno.yaml"], "{dialect:?}");
        assert!(!dialect.writes(Section::WarmUp));
    }
    assert!(!Dialect::Json.writes(Section::Rules) && Dialect::Terraform.writes(Section::Rules));
    assert!(emit(&needs, &[Section::Rules, Section::Attach], Dialect::Json, Style::default()).is_empty());
}

#[test]
fn rules_that_exist_are_not_created_and_still_permitted() {
    let rules = policy(known(), &["quay=quay", "docker-hub=hub"]);
    let needs = Needs::new(&rules, ["quay", "hub"]).with_existing(["hub".to_owned()]);
    for dialect in DIALECTS {
        let text = dialect.emit(&needs);
        assert!(text.contains("/hub/*") && text.contains("/quay/*"), "{text}");
        assert!(!text.contains("registry-1.docker.io") && !text.contains("pullthroughcache/hub"), "{text}");
    }
    let none = needs.with_existing(["hub".to_owned(), "quay".to_owned()]);
    for dialect in [Dialect::Terraform, Dialect::CloudFormation, Dialect::CloudFormationJson, Dialect::Cli] {
        let rules = text(&none, &[Section::Rules], dialect, Style::default());
        assert!(rules.contains("All of this exists already, so there is nothing to create."), "{rules}");
    }
}

#[test]
fn exact_repositories_are_named_as_far_as_they_fit() {
    let rules = policy(known(), &["quay=quay", "k8s=kubernetes", "444455556666.dkr.ecr.eu-west-1.amazonaws.com=ROOT"]);
    let image = |name: &str| CachedImage { repository: name.to_owned(), tag: None, digest: None };
    let needs = Needs::new(&rules, ["quay", "kubernetes", "ROOT"]).with_exact_repositories();
    let few = needs.clone().with_images([image("quay/a/b"), image("quay/a/b"), image("team/app")]);
    let document = Dialect::Json.emit(&few);
    let arn = |rest: &str| format!("\"arn:aws:ecr:eu-central-1:111122223333:repository/{rest}\"");
    // Of a rule whose images are not known, all repositories.
    for rest in ["quay/a/b", "team/app", "kubernetes/*"] {
        assert_eq!(document.matches(&arn(rest)).count(), 1, "{rest}: {document}");
    }
    assert!(!document.contains(&arn("quay/*")) && !document.contains(&arn("*")), "{document}");
    let many = needs.with_images((0..100).map(|at| image(&format!("quay/a/b{at}"))));
    let document = Dialect::Json.emit(&many);
    assert!(document.contains(&arn("quay/*")) && !document.contains(&arn("quay/a/b1")), "{document}");
    assert!(Dialect::Terraform.emit(&many).contains("would not fit into one policy of IAM"));
}

#[test]
fn roles_are_attached_where_they_are_defined() {
    let needs = Needs::new(&policy(known(), &[]), ["ecr-public"]);
    let attach = [Section::Iam, Section::Attach];
    let unknown = text(&needs, &attach, Dialect::Terraform, Style::default());
    assert!(unknown.contains("  count = length(var.ecr_pull_through_cache_role_names)\n"), "{unknown}");
    let roles = needs.with_roles([
        role("b/main.tf", RoleDefinition::Terraform("b".into())),
        role("main.tf", RoleDefinition::Terraform("a".into())),
        role("other.tf", RoleDefinition::Terraform("a".into())),
    ]);
    let text = text(&roles, &attach, Dialect::Terraform, Style::default());
    assert_eq!(text.matches("\nresource \"aws_iam_role_policy_attachment\"").count(), 1, "{text}");
    assert!(text.contains("  role       = aws_iam_role.a.name\n  policy_arn = aws_iam_policy."), "{text}");
    assert!(
        text.contains("# b/main.tf is in another folder") && text.contains("#   role       = aws_iam_role.b.name\n")
    );
}

#[test]
fn endpoints_follow_what_pulls() {
    let endpoints = |workload| {
        let needs = Needs::new(&policy(known(), &[]), ["ecr-public"]).with_workload(workload);
        let text = text(&needs, &[Section::Endpoints], Dialect::Cli, Style::default());
        text.split_once("for service in ").unwrap().1.split_once(';').unwrap().0.to_owned()
    };
    let none = Workload::default();
    assert_eq!(endpoints(none), "ecr.api ecr.dkr");
    assert_eq!(endpoints(Workload { fargate: true, logs: true, ..none }), "ecr.api ecr.dkr logs");
    let both = Workload { secrets: true, parameters: true, ..none };
    assert_eq!(endpoints(both), "ecr.api ecr.dkr kms secretsmanager ssm");
    assert_eq!(endpoints(Workload { instances: true, ..none }), "ecr.api ecr.dkr ecs ecs-agent ecs-telemetry");
    assert_eq!(endpoints(Workload { eks: true, ..none }), "ec2 ecr.api ecr.dkr eks elasticloadbalancing sts");
}

#[test]
fn digests_keep_images_without_a_tag() {
    let rules = policy(known(), &["quay=quay", "k8s=kubernetes"]);
    let needs = Needs::new(&rules, ["quay", "kubernetes"]).with_images([pinned("quay/a/b")]);
    let template = text(&needs, &[Section::Templates], Dialect::Cli, Style::default());
    let (of_kubernetes, of_quay) = template.split_once("--prefix quay").unwrap();
    assert!(of_kubernetes.contains("--lifecycle-policy") && !of_quay.contains("--lifecycle-policy"), "{template}");
}

#[test]
fn neither_order_nor_repetition_nor_foreign_prefixes_matter() {
    let policy = policy(known(), &["quay=quay", "k8s=kubernetes"]);
    let one = Needs::new(&policy, ["kubernetes", "quay"]);
    let other = Needs::new(&policy, ["quay", "nobody", "kubernetes", "quay"]);
    assert_eq!(one, other);
    let prefixes: Vec<&str> = one.rules().iter().map(CacheRule::prefix).collect();
    assert_eq!(prefixes, ["kubernetes", "quay"]);
}

#[test]
fn nothing_in_use_needs_nothing() {
    let nothing = Needs::new(&policy(known(), &["quay=quay"]), ["nobody"]);
    assert!(nothing.is_empty());
    let why = "No image reference in use goes through a pull-through cache rule, so nothing is needed.";
    assert_eq!(Dialect::Terraform.emit(&nothing), format!("# {why}\n"));
    assert_eq!(Dialect::CloudFormation.emit(&nothing), format!("# {why}\n"));
    assert_eq!(Dialect::CloudFormationJson.emit(&nothing), format!("{{\n  \"Description\": \"{why}\"\n}}\n"));
    assert_eq!(Dialect::Cli.emit(&nothing), format!("#!/bin/sh\n# {why}\n"));
    assert_eq!(Dialect::Json.emit(&nothing), "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n");
}

#[test]
fn what_is_not_known_stands_as_a_placeholder() {
    let unknown = Needs::new(&policy(Registry::unknown(), &[]), ["ecr-public"]);
    let arn = "arn:aws:ecr:<region>:<account>:repository/ecr-public/*";
    let advice = "Replace the placeholders first: <account> and <region>.";
    let literal = |dialect| text(&unknown, &[Section::Rules, Section::Iam], dialect, LITERALS);
    for dialect in DIALECTS {
        let text = literal(dialect);
        assert!(text.contains(arn), "{text}");
        assert!(text.contains(advice) || dialect == Dialect::Json, "{text}");
    }
    let script = literal(Dialect::Cli);
    assert!(script.contains("\nregion='<region>'\n") && script.contains("!= '<account>' ]"), "{script}");
    // References need no placeholders.
    let references = Dialect::Terraform.emit(&unknown);
    assert!(!references.contains(advice) && !references.contains(arn), "{references}");

    let no_account = Registry::new(None, Some("eu-central-1")).unwrap();
    let needs = Needs::new(&policy(no_account, &[]), ["ecr-public"]);
    let script = text(&needs, &[Section::Iam], Dialect::Cli, LITERALS);
    assert!(script.contains("\n# Replace the placeholders first: <account>.\n"), "{script}");
}

#[test]
fn the_partition_is_that_of_the_region() {
    let registry = Registry::new(Some("111122223333"), Some("eusc-de-east-1")).unwrap();
    let needs = Needs::new(&policy(registry, &[]), ["ecr-public"]);
    let arn = "\"arn:aws-eusc:ecr:eusc-de-east-1:111122223333:repository/ecr-public/*\"";
    assert!(Dialect::Json.emit(&needs).contains(arn));
}

#[test]
fn prefixes_that_yaml_would_read_as_something_else_are_quoted() {
    let policy = policy(known(), &["quay=10", "k8s=no", "public.ecr.aws=docker.io/public"]);
    let template = Dialect::CloudFormation.emit(&Needs::new(&policy, ["10", "no", "docker.io/public"]));
    for line in ["Prefix: \"10\"\n", "Prefix: \"no\"\n", "Prefix: docker.io/public\n"] {
        assert!(template.contains(line), "{line}{template}");
    }
}

#[test]
fn the_provider_is_as_old_as_the_rules_allow() {
    let provider = |rule: &str, prefix: &str, style| {
        let needs = Needs::new(&policy(known(), &[rule]), [prefix]);
        let text = text(&needs, &[Section::Rules, Section::Iam], Dialect::Terraform, style);
        text.split_once("hashicorp/aws >= ").unwrap().1.split([',', ' ']).next().unwrap().to_owned()
    };
    assert_eq!(provider("quay=quay", "quay", LITERALS), "3.70");
    assert_eq!(provider("quay=mirror/quay", "mirror/quay", LITERALS), "5.31");
    assert_eq!(provider("quay=quay-of-the-whole-company", "quay-of-the-whole-company", LITERALS), "5.31");
    assert_eq!(provider("ghcr.io=github", "github", LITERALS), "5.37");
    assert_eq!(provider("quay.io/team=quay", "quay", LITERALS), "5.94");
    assert_eq!(provider("quay=quay", "quay", Style::default()), "6.0");
    assert_eq!(provider("quay=quay", "quay", Style { literals: false, provider: 5 }), "3.70");
}

#[test]
fn paths_stand_beside_secrets_and_roles() {
    let rules = ["ghcr.io/seamark=seamark", "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team=team"];
    let needs = Needs::new(&policy(known(), &rules), ["seamark", "team"]);
    let terraform = Dialect::Terraform.emit(&needs);
    for lines in [
        "  upstream_repository_prefix = \"seamark\"\n  credential_arn             = aws_secretsmanager_secret.",
        "  upstream_repository_prefix = \"team\"\n  custom_role_arn            = var.cache_team_role_arn\n}\n",
    ] {
        assert!(terraform.contains(lines), "{lines}{terraform}");
    }
    let template = Dialect::CloudFormation.emit(&needs);
    for property in ["UpstreamRepositoryPrefix: seamark", "CredentialArn: !Ref CacheSeamarkSecret"] {
        assert!(template.contains(&format!("\n      {property}\n")), "{property}{template}");
    }
    let script = Dialect::Cli.emit(&needs);
    for option in ["--upstream-repository-prefix team", "--custom-role-arn \"$CACHE_TEAM_ROLE_ARN\""] {
        assert!(script.contains(option), "{option}{script}");
    }
}

#[test]
fn azure_registries_have_names_of_their_own() {
    let policy = policy(known(), &["acme.azurecr.io=azure", "acme-b2c4.azurecr.io=azure-two"]);
    let needs = Needs::new(&policy, ["azure", "azure-two"]);
    let terraform = Dialect::Terraform.emit(&needs);
    assert!(terraform.contains("\"aws_ecr_pull_through_cache_rule\" \"azure_acme\""), "{terraform}");
    assert!(terraform.contains("\"aws_ecr_pull_through_cache_rule\" \"azure_acme_b2c4\""), "{terraform}");
    let template = Dialect::CloudFormation.emit(&needs);
    assert!(template.contains("\n  AzureAcmeCacheRule:\n") && template.contains("\n  AzureAcmeB2c4CacheRule:\n"));
    assert!(Dialect::Cli.emit(&needs).contains("${AZURE_ACME_B2C4_ACCESS_TOKEN:?"));
}
