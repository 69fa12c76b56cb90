//! What references in use need, as data: each dialect writes it down.

use std::collections::BTreeSet;

use crate::policy::{CacheRule, OfficialRoute, Policy};
use crate::registry::Registry;
use crate::upstream::Upstream;

/// An image behind a cache rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CachedImage {
    /// The repository in the private registry, prefix included.
    pub repository: String,
    /// The tag, if it is written: what is filled in later is none.
    pub tag: Option<String>,
    /// The digest, if it is written.
    pub digest: Option<String>,
}

/// What pulls, and what it needs a way to where there is none to the internet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Workload {
    /// Tasks of ECS on Fargate.
    pub fargate: bool,
    /// Tasks of ECS on instances.
    pub instances: bool,
    /// Pods of EKS.
    pub eks: bool,
    /// Something logs with `awslogs`.
    pub logs: bool,
    /// Task definitions take values from Secrets Manager.
    pub secrets: bool,
    /// Task definitions take values from the parameter store.
    pub parameters: bool,
}

/// A role that pulls, where the files define it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PullingRole {
    /// The file.
    pub file: String,
    /// How it is defined.
    pub definition: RoleDefinition,
}

/// How a role is defined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleDefinition {
    /// A resource of Terraform by its name: `aws_iam_role.<name>`.
    Terraform(String),
    /// A resource of CloudFormation by its logical id.
    CloudFormation(String),
}

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
    pub(super) registry: Registry,
    /// The way of Docker's official images.
    pub(super) official: OfficialRoute,
    /// The rules in use.
    rules: Vec<CacheRule>,
    /// Of those, the ones that exist already.
    existing: BTreeSet<String>,
    images: BTreeSet<CachedImage>,
    workload: Workload,
    roles: BTreeSet<PullingRole>,
    /// Whether permissions name repositories, and not prefixes.
    is_exact: bool,
    /// The local of Terraform that files say instead of the registry's host.
    pub(super) local: Option<String>,
}

impl Needs {
    /// The needs of references that go through the rules of these prefixes. A prefix may come often and in any order;
    /// one that no rule of the policy has needs nothing.
    pub fn new(policy: &Policy, prefixes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let prefixes: BTreeSet<String> = prefixes.into_iter().map(|prefix| prefix.as_ref().to_owned()).collect();
        let rules = prefixes.iter().filter_map(|prefix| policy.rule(prefix)).cloned().collect();
        Needs {
            registry: policy.registry().clone(),
            official: policy.official(),
            rules,
            existing: BTreeSet::new(),
            images: BTreeSet::new(),
            workload: Workload::default(),
            roles: BTreeSet::new(),
            is_exact: false,
            local: None,
        }
    }

    /// The same, where files of Terraform say a local of this name instead of the registry's host.
    #[must_use]
    pub fn with_local(self, name: &str) -> Self {
        Needs { local: Some(name.to_owned()), ..self }
    }

    /// The same, with the images themselves.
    #[must_use]
    pub fn with_images(self, images: impl IntoIterator<Item = CachedImage>) -> Self {
        Needs { images: images.into_iter().collect(), ..self }
    }

    /// The same, where permissions name the repositories of the images, and not whole prefixes.
    #[must_use]
    pub fn with_exact_repositories(self) -> Self {
        Needs { is_exact: true, ..self }
    }

    /// The same, with what pulls.
    #[must_use]
    pub fn with_workload(self, workload: Workload) -> Self {
        Needs { workload, ..self }
    }

    /// The same, with the roles that pull, where the files define them.
    #[must_use]
    pub fn with_roles(self, roles: impl IntoIterator<Item = PullingRole>) -> Self {
        Needs { roles: roles.into_iter().collect(), ..self }
    }

    /// The same, where the rules of these prefixes exist already: they are not created, and still used.
    #[must_use]
    pub fn with_existing(self, prefixes: impl IntoIterator<Item = String>) -> Self {
        Needs { existing: prefixes.into_iter().collect(), ..self }
    }

    /// The images, each once, sorted.
    pub fn images(&self) -> impl Iterator<Item = &CachedImage> {
        self.images.iter()
    }

    /// What pulls.
    pub fn workload(&self) -> Workload {
        self.workload
    }

    /// The roles that pull, where the files define them.
    pub fn roles(&self) -> impl Iterator<Item = &PullingRole> {
        self.roles.iter()
    }

    /// The rules that do not exist yet.
    pub fn new_rules(&self) -> impl Iterator<Item = &CacheRule> {
        self.rules.iter().filter(|rule| !self.existing.contains(rule.prefix()))
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
    pub(super) fn with_secret(&self) -> impl Iterator<Item = &CacheRule> {
        self.rules.iter().filter(|rule| rule.upstream().needs_credentials())
    }

    /// Whether a rule has to name a role with which ECR reads the registry of another account.
    pub(super) fn needs_role(&self, rule: &CacheRule) -> bool {
        match rule.upstream() {
            Upstream::Ecr(host) => !host.starts_with(self.registry.account()),
            _ => false,
        }
    }

    /// The ARN of the repositories that each rule fills.
    pub(super) fn repositories(&self) -> impl Iterator<Item = String> {
        let (registry, partition) = (&self.registry, self.registry.partition().name());
        self.rules.iter().map(move |rule| {
            let (region, account) = (registry.region(), registry.account());
            format!("arn:{partition}:ecr:{region}:{account}:repository/{}", rule.repositories())
        })
    }

    /// Where it all belongs.
    pub(super) fn home(&self) -> String {
        format!("in account {}, region {}", self.registry.account(), self.registry.region())
    }

    /// A comment on the placeholders that the text holds, if it holds any.
    pub(super) fn placeholders(&self) -> Option<String> {
        let (account, region) = (self.registry.known_account(), self.registry.known_region());
        let unknown: Vec<&str> = [(account, self.registry.account()), (region, self.registry.region())]
            .into_iter()
            .filter_map(|(known, shown)| known.is_none().then_some(shown))
            .collect();
        (!unknown.is_empty()).then(|| format!("# Replace the placeholders first: {}.", unknown.join(" and ")))
    }
}
