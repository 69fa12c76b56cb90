//! Writes what is emitted for a table of needs, in every dialect, style and choice of sections, for `.ci/check-emitted` and
//! `.ci/check-policies`: `emitted FOLDER`.
//!
//! A folder `<needs>/<dialect>-<style>` holds one file of everything in `all`, the sections one by one in `each`, and
//! `rules-iam`, the default. `<needs>/needs.json` says what the checks expect.

use std::fs;
use std::path::{Path, PathBuf};

use ecrewrite::emit::{
    CachedImage, Dialect, File, Needs, PullingRole, RoleDefinition, Section, Style, Workload, emit, emit_each,
};
use ecrewrite::{CacheRule, OfficialRoute, Policy, Registry};

type Failure = Box<dyn std::error::Error>;

const STYLES: [(&str, Style); 4] = [
    ("references-6", Style { literals: false, provider: 6 }),
    ("references-5", Style { literals: false, provider: 5 }),
    ("literals-6", Style { literals: true, provider: 6 }),
    ("literals-5", Style { literals: true, provider: 5 }),
];

const DIALECTS: [(&str, Dialect); 5] = [
    ("terraform", Dialect::Terraform),
    ("cloudformation", Dialect::CloudFormation),
    ("cloudformation-json", Dialect::CloudFormationJson),
    ("cli", Dialect::Cli),
    ("json", Dialect::Json),
];

fn main() -> Result<(), Failure> {
    let folder = std::env::args().nth(1).ok_or("usage: emitted FOLDER")?;
    for (name, needs, exact) in table()? {
        let folder = Path::new(&folder).join(&name);
        fs::create_dir_all(&folder)?;
        // The others are written in languages of their own.
        let infrastructure: Vec<Section> = Section::ALL.into_iter().filter(|own| own.is_infrastructure()).collect();
        fs::write(folder.join("needs.json"), expected(&needs, exact))?;
        for (dialect_name, dialect) in DIALECTS {
            for (style_name, style) in STYLES {
                let folder = folder.join(format!("{dialect_name}-{style_name}"));
                write(&folder.join("all"), &emit(&needs, &infrastructure, dialect, style))?;
                write(&folder.join("each"), &emit_each(&needs, &infrastructure, dialect, style))?;
                write(&folder.join("rules-iam"), &emit(&needs, &[Section::Rules, Section::Iam], dialect, style))?;
            }
        }
    }
    Ok(())
}

fn write(folder: &PathBuf, files: &[File]) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    for File { name, text } in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// The rules, each with its prefix, and the repositories that exact permissions name.
fn expected(needs: &Needs, exact: bool) -> String {
    let quoted = |items: Vec<String>| items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ");
    let prefixes = quoted(needs.rules().iter().map(|rule| rule.prefix().to_owned()).collect());
    let images = quoted(needs.images().map(|image| image.repository.clone()).collect());
    format!("{{\"prefixes\": [{prefixes}], \"repositories\": [{images}], \"exact\": {exact}}}\n")
}

const UPSTREAMS: [(&str, &str); 9] = [
    ("public.ecr.aws", "ecr-public"),
    ("registry-1.docker.io", "docker-hub"),
    ("quay.io", "quay"),
    ("registry.k8s.io", "kubernetes"),
    ("ghcr.io", "github"),
    ("registry.gitlab.com", "gitlab"),
    ("cgr.dev", "chainguard"),
    ("acme.azurecr.io", "azure"),
    ("444455556666.dkr.ecr.eu-west-1.amazonaws.com", "partner"),
];

fn needs(registry: Registry, rules: &[(&str, &str)]) -> Result<Needs, Failure> {
    let parsed: Result<Vec<CacheRule>, _> =
        rules.iter().map(|(upstream, prefix)| format!("{upstream}={prefix}").parse()).collect();
    let policy = Policy::new(registry, parsed?, OfficialRoute::EcrPublic)?;
    Ok(Needs::new(&policy, rules.iter().map(|rule| rule.1)))
}

fn image(repository: &str, digest: bool) -> CachedImage {
    let digest = digest.then(|| format!("sha256:{}", "0123456789abcdef".repeat(4)));
    CachedImage { repository: repository.to_owned(), tag: Some("1".to_owned()), digest }
}

fn table() -> Result<Vec<(String, Needs, bool)>, Failure> {
    let known = || Registry::new(Some("111122223333"), Some("eu-central-1"));
    let mut table = Vec::new();
    for rule in UPSTREAMS {
        table.push((rule.1.to_owned(), needs(known()?, &[rule])?, false));
    }
    let everything =
        Workload { fargate: true, instances: true, eks: true, logs: true, secrets: true, parameters: true };
    let role = |file: &str, definition| PullingRole { file: file.to_owned(), definition };
    let roles = [
        role("infra/roles.tf", RoleDefinition::Terraform("tasks".to_owned())),
        role("infra/nodes.tf", RoleDefinition::Terraform("nodes".to_owned())),
        role("infra/modules/job/main.tf", RoleDefinition::Terraform("job".to_owned())),
        role("stacks/service.yaml", RoleDefinition::CloudFormation("ExecutionRole".to_owned())),
        role("stacks/service.json", RoleDefinition::CloudFormation("ExecutionRole".to_owned())),
    ];
    let all = needs(known()?, &UPSTREAMS)?.with_workload(everything).with_roles(roles);
    table.push(("all".to_owned(), all.clone().with_local("ecr_registry"), false));
    let images: Vec<CachedImage> = UPSTREAMS.iter().map(|rule| image(&format!("{}/team/app", rule.1), false)).collect();
    table.push(("exact".to_owned(), all.clone().with_images(images).with_exact_repositories(), true));
    let many = (0..200).map(|at| image(&format!("quay/team-of-many/application-number-{at}"), false));
    table.push(("too-many".to_owned(), all.clone().with_images(many).with_exact_repositories(), false));
    table.push(("digests".to_owned(), all.clone().with_images([image("quay/team/app", true)]), false));
    let existing = ["quay".to_owned(), "docker-hub".to_owned()];
    table.push(("existing".to_owned(), all.with_existing(existing), false));
    let none_new = needs(known()?, &[("quay.io", "quay")])?.with_existing(["quay".to_owned()]);
    table.push(("nothing-new".to_owned(), none_new, false));
    let parts = [
        ("quay.io/prometheus", "prom"),
        ("quay.io", "mirror/quay.io"),
        ("ghcr.io/seamark", "seamark"),
        ("111122223333.dkr.ecr.us-east-1.amazonaws.com", "home"),
        ("444455556666.dkr.ecr.eu-west-1.amazonaws.com/team", "no"),
    ];
    table.push(("parts".to_owned(), needs(known()?, &parts)?, false));
    let root = [("444455556666.dkr.ecr.eu-west-1.amazonaws.com", "ROOT"), ("quay.io", "quay")];
    table.push(("root".to_owned(), needs(known()?, &root)?, false));
    table.push(("unknown".to_owned(), needs(Registry::unknown(), &UPSTREAMS)?, false));
    table.push(("nothing".to_owned(), needs(known()?, &[])?, false));
    Ok(table)
}
