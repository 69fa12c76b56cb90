//! What references in use need before their first pull works: cache rules, secrets, and IAM for whoever pulls.
//!
//! [`Needs`] knows what; one file a dialect knows how it is written. No secret is ever in the text, only the place
//! for one.

mod cli;
mod cloudformation;
mod json;
mod terraform;

use std::collections::BTreeSet;

use crate::policy::{CacheRule, Policy};
use crate::registry::Registry;
use crate::upstream::Upstream;

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

/// What references in use need: the registry and the cache rules, each once, sorted by prefix.
///
/// ```
/// use ecrewrite::emit::{Dialect, Needs};
/// use ecrewrite::{OfficialRoute, Policy, Registry};
///
/// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
/// let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?;
/// let needs = Needs::new(&policy, ["ecr-public"]);
/// assert!(Dialect::Json.emit(&needs).contains("arn:aws:ecr:eu-central-1:111122223333:repository/ecr-public/*"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    registry: Registry,
    rules: Vec<CacheRule>,
    /// The local of Terraform that files say instead of the registry's host.
    local: Option<String>,
}

impl Needs {
    /// The needs of references that go through the rules of these prefixes. A prefix may come often and in any order;
    /// one that no rule of the policy has needs nothing.
    pub fn new(policy: &Policy, prefixes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let prefixes: BTreeSet<String> = prefixes.into_iter().map(|prefix| prefix.as_ref().to_owned()).collect();
        let rules = prefixes.iter().filter_map(|prefix| policy.rule(prefix)).cloned().collect();
        Needs { registry: policy.registry().clone(), rules, local: None }
    }

    /// The same, where files of Terraform say a local of this name instead of the registry's host.
    #[must_use]
    pub fn with_local(self, name: &str) -> Self {
        Needs { local: Some(name.to_owned()), ..self }
    }

    /// Whether no reference goes through a rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules in use.
    pub fn rules(&self) -> &[CacheRule] {
        &self.rules
    }

    /// The rules that have to name a secret.
    fn with_secret(&self) -> impl Iterator<Item = &CacheRule> {
        self.rules.iter().filter(|rule| rule.upstream().needs_credentials())
    }

    /// Whether a rule has to name a role with which ECR reads the registry of another account.
    fn needs_role(&self, rule: &CacheRule) -> bool {
        match rule.upstream() {
            Upstream::Ecr(host) => !host.starts_with(self.registry.account()),
            _ => false,
        }
    }

    /// The ARN of the repositories that each rule fills.
    fn repositories(&self) -> impl Iterator<Item = String> {
        let (registry, partition) = (&self.registry, self.registry.partition().name());
        self.rules.iter().map(move |rule| {
            let (region, account) = (registry.region(), registry.account());
            format!("arn:{partition}:ecr:{region}:{account}:repository/{}", rule.repositories())
        })
    }

    /// Where it all belongs.
    fn home(&self) -> String {
        format!("in account {}, region {}", self.registry.account(), self.registry.region())
    }

    /// A comment on the placeholders that the text holds, if it holds any.
    fn placeholders(&self) -> Option<String> {
        let (account, region) = (self.registry.known_account(), self.registry.known_region());
        let unknown: Vec<&str> = [(account, self.registry.account()), (region, self.registry.region())]
            .into_iter()
            .filter_map(|(known, shown)| known.is_none().then_some(shown))
            .collect();
        (!unknown.is_empty()).then(|| format!("# Replace the placeholders first: {}.", unknown.join(" and ")))
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
}

impl Dialect {
    /// The text, as the dialect's own formatter leaves it, with a final newline.
    pub fn emit(self, needs: &Needs) -> String {
        match self {
            Dialect::Json => json::emit(needs),
            Dialect::Cli if needs.is_empty() => format!("#!/bin/sh\n{NOTHING}\n"),
            _ if needs.is_empty() => format!("{NOTHING}\n"),
            Dialect::Terraform => terraform::emit(needs),
            Dialect::CloudFormation => cloudformation::emit(needs),
            Dialect::Cli => cli::emit(needs),
        }
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

/// Lines of a list, each indented and framed the same.
fn lines(items: impl IntoIterator<Item = impl AsRef<str>>, before: &str, after: &str) -> String {
    items.into_iter().map(|item| format!("{before}{}{after}\n", item.as_ref())).collect()
}
