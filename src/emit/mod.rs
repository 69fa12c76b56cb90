//! What references in use need before their first pull works: cache rules, secrets, and IAM for whoever pulls.
//!
//! [`Needs`] knows what, `statements` what policies allow; a file or a folder each dialect knows how it is written. No
//! secret is ever in the text, only the place for one.

mod bots;
mod cdk;
mod cli;
mod cloudformation;
mod hcl;
mod json;
mod kyverno;
mod login;
mod needs;
mod statements;
mod terraform;
mod tree;
mod warm_up;

use crate::policy::CacheRule;
use crate::upstream::Upstream;
use tree::{Tree, entry};

pub use needs::{CachedImage, Needs, PullingRole, RoleDefinition, Workload};

/// What every output of infrastructure begins with.
const HEAD: [&str; 4] = [
    "What image references in use need to go through ECR's pull-through cache. The order matters:",
    "1. Put this where your infrastructure is defined: rules and permissions, attached to the roles that pull.",
    "2. Deploy that.",
    "3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.",
];
const NOTHING: &str = "No image reference in use goes through a pull-through cache rule, so nothing is needed.";
const NOTHING_NEW: &str = "All of this exists already, so there is nothing to create.";
/// Who pulls.
const ATTACH: [&str; 2] = [
    "ECS: attach the policy to the task execution role, and on EC2 to the container instance role too.",
    "EKS: attach it to the node role, or on Fargate to the pod execution role.",
];
/// Why the statement of the registry's policy is no resource.
const REGISTRY_POLICY: [&str; 4] = [
    "A statement for the policy of the registry. A registry has one policy, and to put another replaces it: merge the",
    "statement into the one you have. Its principals are the roles that pull. Within one account the policy of these",
    "roles grants the same, and this statement is no substitute for it.",
    "Roles of other accounts also need a policy of the repository, as a repository creation template can set it.",
];
/// What the cached repositories are created like.
const TEMPLATE: [&str; 6] = [
    "Repositories that a pull creates are made like this; those that exist stay as they are. Tags are mutable, or ECR",
    "would not refresh them. What has lost its tag goes 14 days after it was cached, since a refresh moves the tag and",
    "would fill the repository; tags stay, because a lifecycle policy does not know which are in use. ECR keeps what an",
    "image of several platforms consists of as long as that has its tag.",
    "Leave the lifecycle policy out if you deploy rarely and ECS resolves tags to digests: a task that starts later",
    "still asks for the digest of its deployment.",
];
/// Why a template is without a lifecycle policy.
const NO_LIFECYCLE: [&str; 2] = [
    "No lifecycle policy: references pin digests here. A pinned image loses its tag when the tag moves, and ECR would",
    "not find it again by its digest.",
];
/// Why a template may be too much.
const TEMPLATE_EXISTS: &str = "The rule of this prefix exists already. If its template does too, leave this one out.";
/// What endpoints do to a network.
const ENDPOINTS: [&str; 7] = [
    "Endpoints for subnets without a way to the internet. Leave out those that the VPC has already: a second one with",
    "private DNS for the same service is refused.",
    "Adding the gateway endpoint of S3, where the layers are, interrupts open connections to S3 for a moment.",
    "ECR may still need a route to the internet for the first pull of an image; pull each tag once from a network that",
    "has one, or keep the NAT gateway until then.",
    "An endpoint policy of your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and",
    "ecr:CreateRepository.",
];
/// What a build may do.
const BUILDER: [&str; 2] = [
    "For the role of builds that start from cached images and push: log in, pull through the cache, push to one",
    "repository. Builds of several platforms also read back layers, so the push includes ecr:GetDownloadUrlForLayer.",
];
/// Why permissions are wider than was asked for.
const TOO_LONG: &str =
    "The repositories of all images would not fit into one policy of IAM, so this one names their prefixes.";

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

    /// Whether it is written in a language of infrastructure. The others have languages of their own.
    pub fn is_infrastructure(self) -> bool {
        !matches!(self, Section::WarmUp | Section::Bots | Section::Login | Section::Kubernetes)
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
    /// The same template in JSON, which has no comments.
    CloudFormationJson,
    /// A POSIX shell script of AWS CLI commands.
    Cli,
    /// IAM policy documents alone. They know no references, so account and region are literal whatever the style.
    Json,
    /// A construct of the AWS CDK in TypeScript.
    CdkTypeScript,
    /// A construct of the AWS CDK in Python.
    CdkPython,
}

impl Dialect {
    /// The rules and the policy in the default style, as the dialect's own formatter leaves it, with a final newline.
    pub fn emit(self, needs: &Needs) -> String {
        let files = emit(needs, &[Section::Rules, Section::Iam], self, Style::default());
        files.into_iter().next().map(|file| file.text).unwrap_or_default()
    }

    /// Whether a section can be written in it. Policy documents are the policies alone: of whoever pulls, of whoever
    /// builds, and the statement for the registry's. [`emit`] leaves out what cannot be.
    pub fn writes(self, section: Section) -> bool {
        let is_policy = matches!(section, Section::Iam | Section::RegistryPolicy | Section::Builder);
        section.is_infrastructure() && (self != Dialect::Json || is_policy)
    }

    /// How the names of its files end.
    fn ending(self) -> &'static str {
        match self {
            Dialect::Terraform => "tf",
            Dialect::CloudFormation => "yaml",
            Dialect::CloudFormationJson | Dialect::Json => "json",
            Dialect::Cli => "sh",
            Dialect::CdkTypeScript => "ts",
            Dialect::CdkPython => "py",
        }
    }
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it, with a final newline.
    pub text: String,
}

/// The sections of infrastructure in one file, as far as the dialect [writes](Dialect::writes) them, and behind it the
/// others in files of their own. Policy documents, and the policies for templates of CloudFormation that define roles, are
/// files of their own too.
///
/// ```
/// use ecrewrite::emit::{Dialect, Needs, Section, Style, emit};
/// use ecrewrite::{OfficialRoute, Policy, Registry};
///
/// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
/// let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?;
/// let needs = Needs::new(&policy, ["ecr-public"]);
/// let files = emit(&needs, &[Section::Rules, Section::Endpoints], Dialect::Terraform, Style::default());
/// assert_eq!(files[0].name, "ecr-cache.tf");
/// assert!(files[0].text.contains("resource \"aws_vpc_endpoint\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn emit(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> Vec<File> {
    let mut files = infrastructure(needs, sections, dialect, style);
    files.extend(others(needs, sections, style));
    files
}

/// The sections that are written in languages of their own.
fn others(needs: &Needs, sections: &[Section], style: Style) -> Vec<File> {
    let file = |(name, text): (String, String)| File { name, text };
    let of_section = |section: &Section| match section {
        Section::WarmUp => vec![("warm-up.sh".to_owned(), warm_up::emit(needs, style))],
        Section::Bots => bots::emit(needs, style),
        Section::Login => login::emit(needs, &needs.kinds(), style),
        Section::Kubernetes => vec![("kyverno.yaml".to_owned(), kyverno::emit(needs, style))],
        _ => Vec::new(),
    };
    let wanted = Section::ALL.into_iter().filter(|section| sections.contains(section));
    wanted.flat_map(|section| of_section(&section)).map(file).collect()
}

fn infrastructure(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> Vec<File> {
    let sections = written(sections, dialect);
    let name = format!("ecr-cache.{}", dialect.ending());
    if sections.is_empty() {
        return Vec::new();
    }
    if needs.is_empty() {
        return vec![File { name, text: comment_only(dialect, NOTHING) }];
    }
    let sections = missing(needs, sections);
    if sections.is_empty() {
        return vec![File { name, text: comment_only(dialect, NOTHING_NEW) }];
    }
    match dialect {
        Dialect::Json => json::documents(needs, &sections),
        Dialect::Terraform => vec![File { name, text: terraform::emit(needs, &sections, style) }],
        Dialect::Cli => vec![File { name, text: cli::emit(needs, &sections, style) }],
        Dialect::CdkTypeScript => vec![File { name, text: cdk::typescript(needs, &sections, style) }],
        Dialect::CdkPython => {
            vec![File { name: "ecr_cache.py".to_owned(), text: cdk::python(needs, &sections, style) }]
        }
        Dialect::CloudFormation | Dialect::CloudFormationJson => {
            let (fragments, of_stack): (Vec<Section>, Vec<Section>) =
                sections.into_iter().partition(|section| *section == Section::Attach);
            let stack = (!of_stack.is_empty()).then(|| File { name, text: template(needs, &of_stack, dialect, style) });
            let fragments = fragments.iter().flat_map(|_| cloudformation::fragments(needs, dialect, style));
            stack.into_iter().chain(fragments).collect()
        }
    }
}

/// The sections of infrastructure, each in a file named after it. Terraform's belong into one folder, where they refer to
/// each other, and what they share is in `registry.tf`. Scripts and templates stand alone.
pub fn emit_each(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> Vec<File> {
    let mut files = infrastructure_each(needs, sections, dialect, style);
    files.extend(others(needs, sections, style));
    files
}

fn infrastructure_each(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> Vec<File> {
    let sections = written(sections, dialect);
    // A construct holds all of its sections.
    let is_one = matches!(dialect, Dialect::Json | Dialect::CdkTypeScript | Dialect::CdkPython);
    if needs.is_empty() || is_one {
        return infrastructure(needs, &sections, dialect, style);
    }
    let sections = missing(needs, sections);
    if sections.is_empty() {
        return Vec::new();
    }
    if dialect == Dialect::Terraform {
        return terraform::emit_each(needs, &sections, style);
    }
    let of_section = |section: &Section| {
        let own = infrastructure(needs, &[*section], dialect, style).into_iter();
        let name = format!("{}.{}", section.name(), dialect.ending());
        own.map(move |file| match file.name.starts_with("ecr-cache.") {
            true => File { name: name.clone(), text: file.text },
            false => file,
        })
    };
    sections.iter().flat_map(of_section).collect()
}

/// The sections that a dialect writes, each once, in their order.
fn written(sections: &[Section], dialect: Dialect) -> Vec<Section> {
    Section::ALL.into_iter().filter(|section| sections.contains(section) && dialect.writes(*section)).collect()
}

/// A template of CloudFormation in one of its languages.
fn template(needs: &Needs, sections: &[Section], dialect: Dialect, style: Style) -> String {
    match cloudformation::template(needs, sections, style) {
        None => comment_only(dialect, NOTHING_NEW),
        Some(tree) if dialect == Dialect::CloudFormationJson => tree.json(),
        Some(tree) => format!("{}{}", cloudformation::head(needs, sections, style), tree.yaml()),
    }
}

/// A text that does nothing but say why.
fn comment_only(dialect: Dialect, why: &str) -> String {
    match dialect {
        Dialect::Json => json::nothing(),
        Dialect::CloudFormationJson => Tree::from(vec![entry("Description", why)]).json(),
        Dialect::Cli => format!("#!/bin/sh\n# {why}\n"),
        Dialect::CdkTypeScript => format!("// {why}\n"),
        Dialect::Terraform | Dialect::CloudFormation | Dialect::CdkPython => format!("# {why}\n"),
    }
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

/// Lines of a comment.
fn comment(lines: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    lines.into_iter().map(|line| format!("# {}\n", line.as_ref())).collect()
}

/// The comment of a template for the repositories of a rule, behind what is said once of all.
fn of_template(needs: &Needs, rule: &CacheRule) -> Vec<String> {
    let exists = needs.exists(rule).then_some(TEMPLATE_EXISTS);
    let digests: &[&str] = if needs.has_digest(rule) { &NO_LIFECYCLE } else { &[] };
    exists.into_iter().chain(digests.iter().copied()).map(str::to_owned).collect()
}

/// The lifecycle policy of cached repositories. What is in use has a tag, unless it is pinned by a digest.
///
/// Facts: the selections of lifecycle policies in the user guide of ECR.
fn lifecycle() -> Tree {
    let selection = vec![
        entry("tagStatus", "untagged"),
        entry("countType", "sinceImagePushed"),
        entry("countUnit", "days"),
        entry("countNumber", Tree::Number(14)),
    ];
    let rule = vec![
        entry("rulePriority", Tree::Number(1)),
        entry("description", "Expire what lost its tag to a newer image"),
        entry("selection", selection),
        entry("action", vec![entry("type", "expire")]),
    ];
    vec![entry("rules", vec![Tree::from(rule)])].into()
}

/// The services that pulls reach by an interface endpoint, as the names of endpoints end.
fn services(needs: &Needs) -> Vec<&'static str> {
    let workload = needs.workload();
    let rows: [(bool, &[&str]); 6] = [
        (true, &["ecr.api", "ecr.dkr"]),
        (workload.logs, &["logs"]),
        (workload.secrets, &["secretsmanager", "kms"]),
        (workload.parameters, &["ssm", "kms"]),
        (workload.instances, &["ecs", "ecs-agent", "ecs-telemetry"]),
        (workload.eks, &["sts", "eks", "ec2", "elasticloadbalancing"]),
    ];
    let mut services: Vec<&str> = rows.iter().filter(|row| row.0).flat_map(|row| row.1.iter().copied()).collect();
    services.sort_unstable();
    services.dedup();
    services.retain(|service| !needs.has_endpoint(service));
    services
}

/// Whether the gateway endpoint of the storage where the layers are is missing.
fn needs_gateway(needs: &Needs) -> bool {
    !needs.has_endpoint("s3")
}

/// The sections in which something is missing.
fn missing(needs: &Needs, sections: Vec<Section>) -> Vec<Section> {
    let is_missing = |section: &Section| match section {
        Section::Rules => needs.new_rules().next().is_some() || needs.local.is_some(),
        Section::Iam | Section::Attach => !needs.is_granted(),
        Section::Endpoints => needs_gateway(needs) || !services(needs).is_empty(),
        _ => true,
    };
    sections.into_iter().filter(is_missing).collect()
}
