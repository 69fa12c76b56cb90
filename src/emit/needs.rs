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
    /// The execution role of a task definition in the source of a CDK app, by what the task definition goes by there.
    Construct(String),
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
    kinds: BTreeSet<&'static str>,
    /// The prefixes whose repositories all that pulls may already use.
    granted: BTreeSet<String>,
    /// The services that have an endpoint already.
    endpoints: BTreeSet<String>,
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
            kinds: BTreeSet::new(),
            granted: BTreeSet::new(),
            endpoints: BTreeSet::new(),
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

    /// The same, with the kinds of files of builds, pipelines and laptops whose images go through the cache.
    #[must_use]
    pub fn with_kinds(self, kinds: impl IntoIterator<Item = &'static str>) -> Self {
        Needs { kinds: kinds.into_iter().collect(), ..self }
    }

    /// Those kinds, sorted.
    pub fn kinds(&self) -> Vec<&'static str> {
        self.kinds.iter().copied().collect()
    }

    /// The same, where the rules of these prefixes exist already: they are not created, and still used.
    #[must_use]
    pub fn with_existing(self, prefixes: impl IntoIterator<Item = String>) -> Self {
        Needs { existing: prefixes.into_iter().collect(), ..self }
    }

    /// The same, where all that pulls may already use the repositories of these prefixes.
    #[must_use]
    pub fn with_granted(self, prefixes: impl IntoIterator<Item = String>) -> Self {
        Needs { granted: prefixes.into_iter().collect(), ..self }
    }

    /// The same, where these services have an endpoint already: `ecr.api`, `s3`.
    #[must_use]
    pub fn with_endpoints(self, services: impl IntoIterator<Item = String>) -> Self {
        Needs { endpoints: services.into_iter().collect(), ..self }
    }

    /// Whether all that pulls may already do so.
    pub(super) fn is_granted(&self) -> bool {
        !self.rules.is_empty() && self.rules.iter().all(|rule| self.granted.contains(rule.prefix()))
    }

    /// Whether a service has an endpoint already.
    pub(super) fn has_endpoint(&self, service: &str) -> bool {
        self.endpoints.contains(service)
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

    /// Whether the rule of this prefix exists already.
    pub(super) fn exists(&self, rule: &CacheRule) -> bool {
        self.existing.contains(rule.prefix())
    }

    /// The rules to be created that have to name a secret.
    pub(super) fn with_secret(&self) -> impl Iterator<Item = &CacheRule> {
        self.new_rules().filter(|rule| rule.upstream().needs_credentials())
    }

    /// Whether a rule has to name a role with which ECR reads the registry of another account.
    pub(super) fn needs_role(&self, rule: &CacheRule) -> bool {
        match rule.upstream() {
            Upstream::Ecr(host) => !host.starts_with(self.registry.account()),
            _ => false,
        }
    }

    /// The repositories that permissions name, as IAM writes them behind `repository/`: of each rule in use the ones that
    /// the images name, or all below its prefix.
    pub(super) fn repositories(&self) -> Vec<String> {
        match self.is_exact && !self.is_too_long() {
            true => self.exact().into_iter().collect(),
            false => self.rules.iter().map(CacheRule::repositories).collect(),
        }
    }

    /// Whether exact repositories were asked for, and their ARNs would not fit into one managed policy of IAM with all
    /// that it says beside them: it holds 6144 characters, and an ARN begins with at most 64 (the quotas of IAM; the
    /// longest names of partitions and regions).
    pub(super) fn is_too_long(&self) -> bool {
        self.is_exact && self.exact().iter().map(|repository| repository.len() + 67).sum::<usize>() > 5000
    }

    /// Of each rule the repositories of its images, or all of them if none is known.
    fn exact(&self) -> BTreeSet<String> {
        let of_rule = |rule: &CacheRule| {
            let images = self.images_of(rule).map(|image| image.repository.clone());
            let repositories: BTreeSet<String> = images.collect();
            if repositories.is_empty() { BTreeSet::from([rule.repositories()]) } else { repositories }
        };
        self.rules.iter().flat_map(of_rule).collect()
    }

    /// Whether an image of this rule is named by a digest.
    pub(super) fn has_digest(&self, rule: &CacheRule) -> bool {
        self.images_of(rule).any(|image| image.digest.is_some())
    }

    /// The images that a rule serves: the rule for the whole registry serves what no other does.
    fn images_of<'n>(&'n self, rule: &'n CacheRule) -> impl Iterator<Item = &'n CachedImage> {
        let below = |rule: &CacheRule, image: &CachedImage| {
            rule.repositories().strip_suffix('*').is_some_and(|prefix| image.repository.starts_with(prefix))
        };
        self.images.iter().filter(move |image| {
            let closer = |other: &CacheRule| other.prefix().len() > rule.prefix().len() || rule.repositories() == "*";
            let others = self.rules.iter().filter(|other| other.prefix() != rule.prefix());
            below(rule, image) && !others.into_iter().any(|other| closer(other) && below(other, image))
        })
    }

    /// What the ARNs of the registry's repositories begin with, before the `/`.
    pub(super) fn repository_arn(&self) -> String {
        let (registry, partition) = (&self.registry, self.registry.partition().name());
        format!("arn:{partition}:ecr:{}:{}:repository", registry.region(), registry.account())
    }

    /// The repositories that permissions name, as ARNs.
    pub(super) fn repository_arns(&self) -> Vec<String> {
        let start = self.repository_arn();
        self.repositories().into_iter().map(|repository| format!("{start}/{repository}")).collect()
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
        (!unknown.is_empty()).then(|| format!("Replace the placeholders first: {}.", unknown.join(" and ")))
    }
}
