//! What is emitted, against texts written out by hand.

use ecrewrite::emit::{Dialect, Needs};
use ecrewrite::{CacheRule, OfficialRoute, Policy, Registry};

const DIALECTS: [Dialect; 4] = [Dialect::Terraform, Dialect::CloudFormation, Dialect::Cli, Dialect::Json];

fn policy(registry: Registry, rules: &[&str]) -> Policy {
    let rules: Vec<CacheRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Policy::new(registry, rules, OfficialRoute::EcrPublic).unwrap()
}

fn known() -> Registry {
    Registry::new(Some("111122223333"), Some("eu-central-1")).unwrap()
}

fn written(dialect: Dialect, name: &str) -> String {
    let ending = match dialect {
        Dialect::Terraform => "tf",
        Dialect::CloudFormation => "yaml",
        Dialect::Cli => "sh",
        Dialect::Json => "json",
        Dialect::CdkTypeScript => "ts",
        Dialect::CdkPython => "py",
    };
    let path = format!("{}/testdata/emit/{name}.{ending}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_texts_written_by_hand() {
    let small = Needs::new(&policy(known(), &[]), ["ecr-public"]);
    let rules = policy(known(), &["registry-1.docker.io=docker-hub"]);
    let credentials = Needs::new(&rules, ["ecr-public", "docker-hub"]);
    let rules = policy(
        known(),
        &[
            "quay.io/prometheus=prom",
            "444455556666.dkr.ecr.eu-west-1.amazonaws.com=partner",
            "111122223333.dkr.ecr.us-east-1.amazonaws.com=home",
        ],
    );
    let upstreams = Needs::new(&rules, ["prom", "partner", "home"]);
    for dialect in DIALECTS {
        assert_eq!(dialect.emit(&small), written(dialect, "small"), "{dialect:?}");
        assert_eq!(dialect.emit(&credentials), written(dialect, "credentials"), "{dialect:?}");
        assert_eq!(dialect.emit(&upstreams), written(dialect, "upstreams"), "{dialect:?}");
    }
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
    let comment = "# No image reference in use goes through a pull-through cache rule, so nothing is needed.\n";
    assert_eq!(Dialect::Terraform.emit(&nothing), comment);
    assert_eq!(Dialect::CloudFormation.emit(&nothing), comment);
    assert_eq!(Dialect::Cli.emit(&nothing), format!("#!/bin/sh\n{comment}"));
    assert_eq!(Dialect::Json.emit(&nothing), "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n");
}

#[test]
fn what_is_not_known_stands_as_a_placeholder() {
    let unknown = Needs::new(&policy(Registry::unknown(), &[]), ["ecr-public"]);
    let arn = "\"arn:aws:ecr:<region>:<account>:repository/ecr-public/*\"";
    let advice = "\n# Replace the placeholders first: <account> and <region>.\n";
    for dialect in [Dialect::Terraform, Dialect::Cli] {
        let text = dialect.emit(&unknown);
        assert!(text.contains(arn) && text.contains(advice), "{text}");
    }
    assert!(Dialect::Json.emit(&unknown).contains(arn));
    let script = Dialect::Cli.emit(&unknown);
    assert!(script.contains("--region '<region>' --policy-name 'ecr-pull-through-cache-<region>'"), "{script}");
    assert!(script.contains("!= '<account>' ]"), "{script}");

    let no_account = Registry::new(None, Some("eu-central-1")).unwrap();
    let text = Dialect::Cli.emit(&Needs::new(&policy(no_account, &[]), ["ecr-public"]));
    assert!(text.contains("\n# Replace the placeholders first: <account>.\n"), "{text}");
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
    let provider = |rule: &str, prefix: &str| {
        let text = Dialect::Terraform.emit(&Needs::new(&policy(known(), &[rule]), [prefix]));
        text.split_once("hashicorp/aws >= ").unwrap().1[..4].to_owned()
    };
    assert_eq!(provider("quay=quay", "quay"), "3.70");
    assert_eq!(provider("quay=mirror/quay", "mirror/quay"), "5.31");
    assert_eq!(provider("quay=quay-of-the-whole-company", "quay-of-the-whole-company"), "5.31");
    assert_eq!(provider("ghcr.io=github", "github"), "5.37");
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
