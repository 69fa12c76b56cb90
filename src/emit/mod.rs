//! What references in use need before their first pull works: cache rules, secrets, and IAM for whoever pulls.
//!
//! [`Needs`] knows what; one file a dialect knows how it is written. No secret is ever in the text, only the place
//! for one.

mod bots;
mod cdk;
mod cli;
mod cloudformation;
mod json;
mod kyverno;
mod login;
mod needs;
mod terraform;
mod warm_up;

use crate::policy::CacheRule;
use crate::upstream::Upstream;

pub use needs::{CachedImage, Needs, PullingRole, RoleDefinition, Workload};

/// What a pull through a cache rule does to a repository, sorted. Where import or creation is not granted, ECR answers
/// a first pull with "not found", not with "access denied".
const ACTIONS: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
];
/// What a login does. IAM knows no resource for it.
const LOGIN: &str = "ecr:GetAuthorizationToken";

const HEAD: &str =
    "# The image references in use need these ECR pull-through cache rules, and this policy to pull through them.";
const NOTHING: &str = "# No image reference in use goes through a pull-through cache rule, so nothing is needed.";
/// Who pulls.
const ATTACH: [&str; 2] = [
    "# ECS: attach the policy to the task execution role, and on EC2 to the container instance role too.",
    "# EKS: attach it to the node role, or on Fargate to the pod execution role.",
];

/// A part of what is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// The cache rules, and the secrets that some of them name.
    Rules,
    /// The policy of whoever pulls.
    Iam,
    /// A template for the repositories that pulls create, with a lifecycle policy.
    Templates,
    /// Statements for the policy of the registry.
    RegistryPolicy,
    /// VPC endpoints for subnets without a way to the internet.
    Endpoints,
    /// The policy of whoever builds on cached images and pushes.
    Builder,
    /// The policy, attached to the roles that the files define.
    Attach,
    /// A script that pulls each tag once.
    WarmUp,
    /// Settings of Renovate and Dependabot.
    Bots,
    /// The login of builds, pipelines and laptops.
    Login,
    /// A policy for Kyverno that does the same to what is created in a cluster.
    Kubernetes,
}

impl Section {
    /// Every section, in the order of the output.
    pub const ALL: [Section; 11] = [
        Section::Rules,
        Section::Iam,
        Section::Templates,
        Section::RegistryPolicy,
        Section::Endpoints,
        Section::Builder,
        Section::Attach,
        Section::WarmUp,
        Section::Bots,
        Section::Login,
        Section::Kubernetes,
    ];

    /// Its name in flags and in names of files.
    pub fn name(self) -> &'static str {
        match self {
            Section::Rules => "rules",
            Section::Iam => "iam",
            Section::Templates => "templates",
            Section::RegistryPolicy => "registry-policy",
            Section::Endpoints => "endpoints",
            Section::Builder => "builder",
            Section::Attach => "attach",
            Section::WarmUp => "warm-up",
            Section::Bots => "bots",
            Section::Login => "login",
            Section::Kubernetes => "kubernetes",
        }
    }
}

/// How the needs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Account and region as they are known, and not as references to wherever it is applied.
    pub literals: bool,
    /// The major version of Terraform's provider `hashicorp/aws`, 5 or 6.
    pub provider: u8,
}

impl Default for Style {
    fn default() -> Self {
        Style { literals: false, provider: 6 }
    }
}

/// A language to write the needs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Terraform, for the provider `hashicorp/aws`.
    Terraform,
    /// A CloudFormation template in YAML.
    CloudFormation,
    /// A POSIX shell script of AWS CLI commands.
    Cli,
    /// The IAM policy document alone.
    Json,
    /// A construct of the AWS CDK in TypeScript.
    CdkTypeScript,
    /// A construct of the AWS CDK in Python.
    CdkPython,
}

impl Dialect {
    /// The text, as the dialect's own formatter leaves it, with a final newline.
    pub fn emit(self, needs: &Needs) -> String {
        match self {
            Dialect::Json => json::emit(needs),
            Dialect::CdkTypeScript => cdk::typescript(needs, &[Section::Rules, Section::Iam], Style::default()),
            Dialect::CdkPython => cdk::python(needs, &[Section::Rules, Section::Iam], Style::default()),
            Dialect::Cli if needs.is_empty() => format!("#!/bin/sh\n{NOTHING}\n"),
            _ if needs.is_empty() => format!("{NOTHING}\n"),
            Dialect::Terraform => terraform::emit(needs),
            Dialect::CloudFormation => cloudformation::emit(needs),
            Dialect::Cli => cli::emit(needs),
        }
    }
}

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

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it, with a final newline.
    pub text: String,
}

/// The sections, each in the files that it takes.
pub fn emit(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> Vec<File> {
    let mut files = Vec::new();
    let infrastructure: Vec<Section> = sections.iter().copied().filter(|section| *section <= Section::Attach).collect();
    let text = match dialect {
        Dialect::CdkTypeScript => Some(("ecr-cache.ts", cdk::typescript(needs, &infrastructure, style))),
        Dialect::CdkPython => Some(("ecr_cache.py", cdk::python(needs, &infrastructure, style))),
        _ => None,
    };
    if let Some((name, text)) = text.filter(|_| !infrastructure.is_empty()) {
        files.push(File { name: name.to_owned(), text });
    }
    let file = |(name, text): (String, String)| File { name, text };
    for section in sections {
        match section {
            Section::WarmUp => files.push(file(("warm-up.sh".to_owned(), warm_up::emit(needs, style)))),
            Section::Bots => files.extend(bots::emit(needs, style).into_iter().map(file)),
            Section::Login => files.extend(login::emit(needs, &KINDS, style).into_iter().map(file)),
            Section::Kubernetes => files.push(file(("kyverno.yaml".to_owned(), kyverno::emit(needs, style)))),
            _ => {}
        }
    }
    files
}

/// What a rule is called in names of variables and resources: lower-case words with `-` between them. Of some upstreams
/// there may be several rules, which are called by their prefixes.
fn name(rule: &CacheRule) -> String {
    let by_prefix = || {
        // `a/b` and `a-b` are two rules.
        let prefix = rule.prefix().to_ascii_lowercase();
        let words = prefix.replace('/', "-slash-").replace('.', "-dot-").replace('_', "-underscore-");
        format!("cache-{words}")
    };
    if rule.upstream_prefix().is_some() {
        return by_prefix();
    }
    let name = match rule.upstream() {
        Upstream::EcrPublic => "ecr-public",
        Upstream::DockerHub => "docker-hub",
        Upstream::Quay => "quay",
        Upstream::Kubernetes => "kubernetes",
        Upstream::GitHub => "github",
        Upstream::GitLab => "gitlab",
        Upstream::Chainguard => "chainguard",
        Upstream::Azure(host) => {
            let registry = host.split('.').next().unwrap_or_default();
            return format!("azure-{}", registry.replace(|char: char| !char.is_ascii_alphanumeric(), "-"));
        }
        Upstream::Ecr(_) => return by_prefix(),
    };
    name.to_owned()
}

/// The secret of a rule: ECR accepts only this beginning of its name.
fn secret_name(rule: &CacheRule) -> String {
    format!("ecr-pullthroughcache/{}", rule.prefix())
}

/// Lines of a list, each indented and framed the same.
fn lines(items: impl IntoIterator<Item = impl AsRef<str>>, before: &str, after: &str) -> String {
    items.into_iter().map(|item| format!("{before}{}{after}\n", item.as_ref())).collect()
}
