//! Constructs of the CDK, scripts and settings, against the texts that `.ci/check-emitted-more` gives to their readers;
//! Kyverno's policy against what
//! `rewrite` does.

use std::fs;

use ecrewrite::emit::{CachedImage, Dialect, File, Needs, PullingRole, RoleDefinition, Section, Style, Workload, emit};
use ecrewrite::{CacheRule, ImageRef, OfficialRoute, Policy, Registry, Verdict};

const INFRASTRUCTURE: [Section; 7] = [
    Section::Rules,
    Section::Iam,
    Section::Templates,
    Section::RegistryPolicy,
    Section::Endpoints,
    Section::Builder,
    Section::Attach,
];
/// The kinds of files of builds, pipelines and laptops.
const KINDS: [&str; 14] = [
    "dockerfile",
    "compose",
    "github-actions",
    "gitlab-ci",
    "circleci",
    "buildspec",
    "copilot",
    "skaffold",
    "devcontainer",
    "bake",
    "dockerrun",
    "bitbucket-pipelines",
    "azure-pipelines",
    "buildkite",
];
const DIGEST: &str = "sha256:5b0a1ce8ce1d6ac46e1d6ac46e1d6ac4c11d0c5f7e7ad8f7e7ad8f7e7ad8f7e7";

fn policy(registry: Registry, rules: &[&str], official: OfficialRoute) -> Policy {
    let rules: Vec<CacheRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Policy::new(registry, rules, official).unwrap()
}

fn known() -> Registry {
    Registry::new(Some("111122223333"), Some("eu-central-1")).unwrap()
}

fn image(repository: &str, tag: Option<&str>, digest: Option<&str>) -> CachedImage {
    CachedImage { repository: repository.to_owned(), tag: tag.map(str::to_owned), digest: digest.map(str::to_owned) }
}

fn small() -> Needs {
    let images = [image("ecr-public/docker/library/httpd", Some("2.4.58-alpine"), None)];
    Needs::new(&policy(known(), &[], OfficialRoute::EcrPublic), ["ecr-public"]).with_images(images)
}

/// One of everything: secrets, a role, a part of an upstream, a rule that exists, digests, roles, a workload.
fn whole() -> Needs {
    let rules =
        ["docker-hub=docker-hub", "quay.io/prometheus=prom", "444455556666.dkr.ecr.eu-west-1.amazonaws.com=partner"];
    let images = [
        image("docker-hub/grafana/grafana", Some("11.2.0"), None),
        image("ecr-public/docker/library/nginx", Some("1.27"), Some(DIGEST)),
        image("ecr-public/nginx/nginx", None, Some(DIGEST)),
        image("partner/team/api", None, None),
        image("prom/node-exporter", Some("v1.8.2"), None),
    ];
    let role = |file: &str, definition| PullingRole { file: file.to_owned(), definition };
    let workload = Workload { fargate: true, logs: true, secrets: true, ..Workload::default() };
    Needs::new(&policy(known(), &rules, OfficialRoute::EcrPublic), ["docker-hub", "ecr-public", "partner", "prom"])
        .with_existing(["ecr-public".to_owned()])
        .with_images(images)
        .with_workload(workload)
        .with_kinds(KINDS)
        .with_roles([
            role("infra/main.tf", RoleDefinition::Terraform("execution".to_owned())),
            role("stack.yaml", RoleDefinition::CloudFormation("ExecutionRole".to_owned())),
        ])
}

/// Compares with the file of that name, which `.ci/check-emitted-more` gives to its readers.
fn compare(name: &str, text: &str) {
    let path = format!("{}/testdata/emit-more/{name}", env!("CARGO_MANIFEST_DIR"));
    let written = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(text, written, "{name}");
}

#[test]
fn constructs_are_those_that_their_readers_accept() {
    for (dialect, ending) in [(Dialect::CdkTypeScript, "ts"), (Dialect::CdkPython, "py")] {
        let own = [Section::Rules, Section::Iam];
        compare(&format!("small.{ending}"), &emit(&small(), &own, dialect, Style::default())[0].text);
        compare(&format!("whole.{ending}"), &emit(&whole(), &INFRASTRUCTURE, dialect, Style::default())[0].text);
        let workload =
            Workload { fargate: true, instances: true, eks: true, logs: true, secrets: true, parameters: true };
        let rules = ["444455556666.dkr.ecr.eu-west-1.amazonaws.com=ROOT"];
        let root = Needs::new(&policy(known(), &rules, OfficialRoute::EcrPublic), ["ROOT"]).with_workload(workload);
        let literals = Style { literals: true, ..Style::default() };
        compare(&format!("root.{ending}"), &emit(&root, &INFRASTRUCTURE[..5], dialect, literals)[0].text);
    }
}

#[test]
fn scripts_and_settings_are_those_that_their_readers_accept() {
    let sections = [Section::WarmUp, Section::Bots, Section::Login];
    for File { name, text } in emit(&whole(), &sections, Dialect::Terraform, Style::default()) {
        compare(&name, &text);
    }
    let rules = ["quay.io=quay", "quay.io/prometheus=prom", "444455556666.dkr.ecr.eu-west-1.amazonaws.com=ROOT"];
    let needs = Needs::new(&policy(known(), &rules, OfficialRoute::Off), ["ROOT", "prom", "quay"]);
    compare("kyverno.yaml", &emit(&needs, &[Section::Kubernetes], Dialect::Terraform, Style::default())[0].text);
    let renovate = &emit(&needs, &[Section::Bots], Dialect::Terraform, Style::default())[0];
    compare("renovate-root.json", &renovate.text);
}

#[test]
fn nothing_in_use_needs_nothing() {
    let nothing = Needs::new(&policy(known(), &[], OfficialRoute::EcrPublic), ["nobody"]);
    for dialect in [Dialect::CdkTypeScript, Dialect::CdkPython] {
        let text = &emit(&nothing, &INFRASTRUCTURE, dialect, Style::default())[0].text;
        assert!(text.lines().count() == 1 && text.ends_with("so nothing is needed.\n"), "{text}");
    }
    let files = emit(&nothing, &Section::ALL[7..], Dialect::Terraform, Style::default());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["warm-up.sh", "kyverno.yaml"]);
    assert!(files.iter().all(|file| file.text.lines().all(|line| line.starts_with('#'))), "{files:?}");
}

#[test]
fn literals_are_placeholders_where_nothing_is_known() {
    let unknown = Needs::new(&policy(Registry::unknown(), &[], OfficialRoute::EcrPublic), ["ecr-public"])
        .with_images([image("ecr-public/nginx/nginx", Some("1"), None)]);
    let literals = Style { literals: true, ..Style::default() };
    for dialect in [Dialect::CdkTypeScript, Dialect::CdkPython] {
        let text = &emit(&unknown, &[Section::Iam], dialect, literals)[0].text;
        assert!(text.contains("\"arn:aws:ecr:<region>:<account>:repository/ecr-public/*\""), "{text}");
        assert!(text.contains(" Replace the placeholders first: <account> and <region>.\n"), "{text}");
        let text = &emit(&unknown, &[Section::Iam], dialect, Style::default())[0].text;
        assert!(!text.contains("arn:") && !text.contains("placeholders"), "{text}");
    }
    let script = &emit(&unknown, &[Section::WarmUp], Dialect::Terraform, literals)[0].text;
    assert!(script.contains("account='<account>'\nregion='<region>'\n"), "{script}");
    for File { name, text } in emit(&unknown, &[Section::Bots, Section::Login], Dialect::Terraform, literals) {
        let says = text.contains("Replace the placeholders first") || name.ends_with("devcontainer.json");
        assert!(says, "{name}\n{text}");
    }
}

#[test]
fn no_output_holds_a_secret() {
    let files = emit(&whole(), &INFRASTRUCTURE, Dialect::CdkTypeScript, Style::default());
    assert!(files[0].text.contains("readonly dockerHubAccessToken: SecretValue;"));
    assert!(!files[0].text.contains("unsafePlainText"));
}

/// What Kyverno's table makes of a reference: the first row that matches decides.
fn mutated(table: &[(regex::Regex, String)], reference: &str) -> String {
    let (from, to) = table.iter().find(|(from, _)| from.is_match(reference)).unwrap();
    from.replace_all(reference, to.as_str()).into_owned()
}

#[test]
fn kyverno_does_what_rewrite_does() {
    let policies: [(&[&str], OfficialRoute); 9] = [
        (&[], OfficialRoute::EcrPublic),
        (&[], OfficialRoute::DockerHub),
        (&["docker-hub=hub"], OfficialRoute::EcrPublic),
        (&["docker-hub=hub"], OfficialRoute::DockerHub),
        (&["docker-hub=hub", "quay=quay"], OfficialRoute::Off),
        (&["docker-hub/grafana=graf", "public.ecr.aws/docker=dock"], OfficialRoute::EcrPublic),
        (&["quay.io=quay", "quay.io/prometheus=prom", "quay.io/prometheus/node=node"], OfficialRoute::EcrPublic),
        (
            &[
                "444455556666.dkr.ecr.eu-west-1.amazonaws.com=ROOT",
                "111122223333.dkr.ecr.us-east-1.amazonaws.com/team=team",
                "acme.azurecr.io=azure",
            ],
            OfficialRoute::EcrPublic,
        ),
        (
            &[
                "k8s=kubernetes",
                "ghcr.io=github",
                "registry.gitlab.com=gitlab",
                "cgr.dev/quillmoor.example=own",
                "cgr.dev=cgr",
            ],
            OfficialRoute::EcrPublic,
        ),
    ];
    let names = [
        "nginx",
        "library/nginx",
        "docker.io/nginx",
        "docker.io/library/nginx",
        "index.docker.io/library/nginx",
        "registry-1.docker.io/nginx",
        "registry.hub.docker.com/library/nginx",
        "Docker.IO/library/nginx",
        "rocket.chat",
        "rocketxchat",
        "myapp",
        "library/myapp",
        "docker.io/library/myapp",
        "docker.io/myapp",
        "azul-zulu",
        "vault",
        "docker.io/library/vault",
        "grafana/grafana",
        "docker.io/grafana/grafana",
        "docker.io/a.b/c",
        "grafana/a/b",
        "localhost/grafana",
        "localhost:5000/nginx",
        "mirror.example.com/nginx",
        "mirror.example.com:5000/a/b",
        "aws/codebuild/standard",
        "public.ecr.aws/nginx/nginx",
        "Public.ECR.aws/nginx/nginx",
        "public.ecr.aws/eks",
        "public.ecr.aws/docker/library/redis",
        "ecr-public.aws.com/a/b",
        "public.ecr.aws.example.com/a/b",
        "quay.io/a/b",
        "quay.io/prometheus/prometheus",
        "quay.io/prometheus/node/exporter",
        "quay.io/prometheusx/b",
        "quay.io/prometheus",
        "quayxio/a/b",
        "registry.k8s.io/pause",
        "registry.k8s.io/ingress-nginx/controller",
        "k8s.gcr.io/pause",
        "ghcr.io/a/b",
        "registry.gitlab.com/a/b/c",
        "cgr.dev/chainguard/go",
        "cgr.dev/quillmoor.example/go",
        "acme.azurecr.io/a",
        "other.azurecr.io/a",
        "gcr.io/a/b",
        "scratch",
        "auto",
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/a/i",
        "444455556666.dkr-ecr.eu-west-1.on.aws/a/i",
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/azure/i",
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/i",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/i",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/other/i",
        "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/nginx/nginx",
    ];
    let mut seen = 0;
    for (rules, official) in policies {
        let policy = policy(known(), rules, official);
        let prefixes: Vec<&str> = policy.rules().iter().map(CacheRule::prefix).collect();
        let needs = Needs::new(&policy, prefixes);
        let text = &emit(&needs, &[Section::Kubernetes], Dialect::Terraform, Style::default())[0].text;
        let value = |line: &str, key: &str| {
            let value = line.trim_start().strip_prefix(key)?.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(value.to_owned())
        };
        let from = text.lines().filter_map(|line| value(line, "- from: "));
        let table: Vec<(String, String)> = from.zip(text.lines().filter_map(|line| value(line, "to: "))).collect();
        // Once for pods, once for ephemeral containers.
        let (table, again) = table.split_at(table.len() / 2);
        assert_eq!(table, again);
        let compiled = |(from, to): &(String, String)| (regex::Regex::new(from).unwrap(), to.clone());
        let table: Vec<(regex::Regex, String)> = table.iter().map(compiled).collect();
        for name in names {
            for tail in ["", ":1.27", &format!("@{DIGEST}"), &format!(":1.27@{DIGEST}")] {
                let reference = format!("{name}{tail}");
                let expected = match policy.verdict(&ImageRef::parse(&reference).unwrap()) {
                    Verdict::Rewrite(target) => format!("{}{tail}", target.name()),
                    _ => reference.clone(),
                };
                let once = mutated(&table, &reference);
                assert_eq!(once, expected, "{rules:?} {official:?} {reference}");
                assert_eq!(mutated(&table, &once), once, "a second time: {reference}");
                seen += 1;
            }
        }
    }
    assert!(seen > 1_000);
}
