//! Whether the images of a repository can be pulled through the cache: each reference in use, with the role that pulls it.
//!
//! Pure: it reads what was found in the files, and nothing else. What a variable or an import hides is unknown, never
//! missing.

mod diagnosis;
mod error;
mod estate;
mod survey;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Outcome};
use crate::image::ImageRef;
use crate::inventory::{Answer, DefinedRule, Inventory, Known, LOGIN, Puller, Repository as Place};
use crate::policy::{CacheRule, Policy};
use crate::reason::Reason;
use crate::registry::EcrHost;
use crate::schema::SiteKind;
use crate::upstream::Upstream;

pub use diagnosis::{Check, Diagnosis, Severity};
pub use error::explain;
use estate::Estate;
pub use survey::{Survey, survey};

/// What each pull needs, beside a login. AWS's policy for pulls alone has no more than these.
const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
/// What the first pull needs, and no policy of AWS but the widest ones allows together.
const CACHE: [&str; 2] = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/// What is known of a repository.
#[derive(Debug)]
pub struct Repository<'r> {
    /// The references of each file, by its path.
    pub files: Vec<(&'r str, &'r [Finding])>,
    /// What each file says around the images.
    pub inventories: &'r [(String, Inventory)],
    /// The policy by which the references were judged.
    pub policy: &'r Policy,
    /// The prefixes of rules that exist elsewhere; `None` if nobody said which those are.
    pub existing: Option<BTreeSet<String>>,
    /// Whether strangers may build it: it has a licence and runs pipelines for pull requests.
    pub is_open: bool,
}

/// What stands in the way of pulls, in the order of the files.
pub fn diagnose(repository: &Repository<'_>) -> Vec<Diagnosis> {
    let estate = Estate::of(repository.inventories);
    let mut doctor = Doctor { repository, estate, found: BTreeSet::new() };
    doctor.rules();
    for (path, findings) in &repository.files {
        for (index, finding) in findings.iter().enumerate() {
            doctor.reference(path, index, finding);
        }
    }
    doctor.network();
    doctor.strangers();
    doctor.found.into_iter().collect()
}

struct Doctor<'r> {
    repository: &'r Repository<'r>,
    estate: Estate<'r>,
    found: BTreeSet<Diagnosis>,
}

impl<'r> Doctor<'r> {
    fn add(&mut self, check: Check, file: &str, finding: Option<usize>, subject: &str, detail: String) {
        self.found.insert(Diagnosis { file: file.to_owned(), finding, check, subject: subject.to_owned(), detail });
    }

    /// Cache rules that contradict each other.
    fn rules(&mut self) {
        let mut by_prefix: BTreeMap<String, (&str, String)> = BTreeMap::new();
        let defined = self.repository.inventories.iter();
        let texts =
            defined.flat_map(|(path, inventory)| inventory.rules.iter().map(move |rule| (path.as_str(), rule.text())));
        let mut conflicts = Vec::new();
        for (path, rule) in texts.filter_map(|(path, text)| Some((path, text?.parse::<CacheRule>().ok()?))) {
            let upstream = match rule.upstream_prefix() {
                Some(below) => format!("{}/{below}", rule.upstream()),
                None => rule.upstream().to_string(),
            };
            let prefix = rule.prefix().to_owned();
            for (other, (other_path, other_upstream)) in &by_prefix {
                let is_within =
                    |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
                let overlaps = is_within(&prefix, other) || is_within(other, &prefix);
                if overlaps || (*other == prefix && *other_upstream != upstream) {
                    conflicts.push((
                        path,
                        format!("`{prefix}` for {upstream} and `{other}` for {other_upstream} in {other_path}"),
                    ));
                }
            }
            by_prefix.entry(prefix).or_insert((path, upstream));
        }
        for (path, detail) in conflicts {
            self.add(Check::PrefixConflict, path, None, "", detail);
        }
    }

    /// A reference that goes through the cache, or would.
    fn reference(&mut self, path: &str, index: usize, finding: &'r Finding) {
        let text = finding.afterwards();
        match &finding.outcome {
            Outcome::Left(Reason::NoPullThrough) if self.is_cached(text) => {
                self.add(Check::NoPullThrough, path, Some(index), text, String::new());
            }
            Outcome::Left(Reason::UnsupportedRegion) => {
                let region = self.repository.policy.registry().region().to_owned();
                self.add(Check::UnsupportedRegion, path, Some(index), text, region);
            }
            Outcome::Left(Reason::PullCredentials) => {
                self.add(Check::PullCredentials, path, Some(index), text, String::new());
            }
            Outcome::Rewrite { rule, .. } | Outcome::Cached { rule } => self.pull(path, index, finding, text, rule),
            Outcome::Left(_) => {}
        }
    }

    /// Whether a reference that stays lies behind a cache rule.
    fn is_cached(&self, text: &str) -> bool {
        let policy = self.repository.policy;
        let Some((host, rest)) = text.split_once('/') else { return false };
        let is_own = EcrHost::parse(host).is_some_and(|host| policy.registry().is(&host));
        is_own && policy.rules().iter().any(|rule| rest.starts_with(&format!("{}/", rule.prefix())))
    }

    fn pull(&mut self, path: &str, index: usize, finding: &'r Finding, text: &str, prefix: &str) {
        let at = Some(index);
        if let Some(check) = self.rule_of(prefix) {
            self.add(check, path, at, text, prefix.to_owned());
        }
        // Values of charts and kustomizations keep the tag apart.
        let is_apart = matches!(finding.kind, SiteKind::Helm | SiteKind::Kustomize);
        match ending(text) {
            Ending::Moving if is_apart && !text.rsplit('/').next().unwrap_or(text).contains(':') => {}
            Ending::Digest => self.add(Check::DigestFirstPull, path, at, text, String::new()),
            Ending::Moving => self.add(Check::MutableTag, path, at, text, String::new()),
            Ending::Tag | Ending::Variable => {}
        }
        // Pods log in without theirs.
        if finding.credentials.is_some()
            && matches!(finding.outcome, Outcome::Cached { .. })
            && !runs_in_a_cluster(finding)
        {
            self.add(Check::PullCredentials, path, at, text, String::new());
        }
        // Whoever builds logs in by itself.
        if finding.kind.on_request().is_some() {
            return;
        }
        let repository = repository_of(text, prefix);
        let pullers = self.estate.pullers_of(path, finding);
        if finding.kind == SiteKind::Cdk {
            return self.construct(path, index, text, &pullers);
        }
        if pullers.is_empty() {
            let check = if runs_in_a_cluster(finding) { Check::NodeRoleUnknown } else { Check::PullerUnknown };
            self.add(check, path, at, text, String::new());
        }
        for (scope, puller) in pullers {
            self.role(path, index, text, &repository, &scope, puller);
        }
    }

    /// Whether anything grants what the CDK does not by itself.
    fn construct(&mut self, path: &str, index: usize, text: &str, pullers: &[(String, &Puller)]) {
        if self.estate.grants_in_programs() {
            return;
        }
        let detail = |puller: &Puller| match &puller.role {
            Some(Known::Hidden(name)) => format!("the execution role of {name}"),
            _ => String::new(),
        };
        let detail = pullers.first().map(|(_, puller)| detail(puller)).unwrap_or_default();
        self.add(Check::CdkGrantUnknown, path, Some(index), text, detail);
    }

    /// What is the matter with the rule of a prefix.
    fn rule_of(&self, prefix: &str) -> Option<Check> {
        let is_elsewhere = self.repository.existing.as_ref().is_some_and(|existing| existing.contains(prefix));
        let defined = || self.repository.inventories.iter().flat_map(|(_, inventory)| &inventory.rules);
        let wanted = self.repository.policy.rule(prefix).map(CacheRule::upstream);
        let is = |rule: &DefinedRule| {
            let upstream = match &rule.upstream {
                Known::Text(text) => Upstream::named(text.trim_start_matches("https://")),
                _ => None,
            };
            let is_prefix = matches!(&rule.prefix, Known::Text(text) if text.trim_end_matches('/') == prefix);
            is_prefix && (upstream.is_none() || upstream.as_ref() == wanted)
        };
        if is_elsewhere || defined().any(is) {
            return None;
        }
        let is_hidden = defined().any(|rule| !matches!(rule.prefix, Known::Text(_)));
        Some(if is_hidden { Check::RuleUnknown } else { Check::RuleMissing })
    }

    /// Whether the role of a puller may do what a first pull does.
    fn role(&mut self, path: &str, index: usize, text: &str, repository: &str, scope: &str, puller: &Puller) {
        let at = Some(index);
        let Some(role) = &puller.role else {
            let check = match puller.on_fargate {
                Some(true) => Check::NoExecutionRole,
                _ => Check::InstanceRoleUnknown,
            };
            return self.add(check, path, at, text, String::new());
        };
        let Some(role) = self.estate.role(scope, role) else {
            let shown = match role {
                Known::Text(text) | Known::Hidden(text) | Known::Resource(text) => text.clone(),
            };
            return self.add(Check::RoleUnknown, path, at, text, shown);
        };
        let actions = [LOGIN].into_iter().chain(PULL).chain(CACHE);
        let registry = self.repository.policy.registry();
        let whole = Place { name: repository, region: registry.known_region(), account: registry.known_account() };
        // What the role's policy does not allow, the registry's may.
        let least = if self.estate.has_registry_policy() { Answer::Unknown } else { Answer::No };
        let answers: Vec<(&str, Answer)> = actions
            .map(|action| {
                let answer = self.estate.allows(&role, action, whole);
                (action, if CACHE.contains(&action) { answer.max(least) } else { answer })
            })
            .collect();
        let of = |answer: Answer| -> Vec<&str> {
            answers.iter().filter(|(_, own)| *own == answer).map(|(action, _)| *action).collect()
        };
        let (missing, unknown) = (of(Answer::No), of(Answer::Unknown));
        if !missing.is_empty() {
            let detail = format!("{} lacks {} on {repository}", role.shown(), missing.join(", "));
            self.add(Check::PermissionMissing, path, at, text, detail);
        } else if !unknown.is_empty() {
            let detail = format!("{}: {} on {repository}", role.shown(), unknown.join(", "));
            self.add(Check::PermissionUnknown, path, at, text, detail);
        }
    }

    /// Whether the endpoints are there where there is no other way.
    fn network(&mut self) {
        let first = self.repository.files.iter().find(|(path, findings)| {
            let is_inside = |finding: &Finding| {
                let pullers = self.estate.pullers_of(path, finding);
                pullers.is_empty() || pullers.iter().any(|(_, puller)| !puller.is_outside)
            };
            let is_pulled = |finding: &Finding| finding.outcome.rule().is_some() && finding.kind.on_request().is_none();
            findings.iter().any(|finding| is_pulled(finding) && is_inside(finding))
        });
        let Some((path, _)) = first else { return };
        let network = self.estate.network();
        if network.has_nat || network.public_addresses || network.public_subnets && !self.estate.has_fargate() {
            return;
        }
        let path = (*path).to_owned();
        if !network.subnets && network.endpoints.is_empty() {
            return self.add(Check::NetworkUnknown, &path, None, "", String::new());
        }
        let hidden =
            network.has_hidden || network.endpoints.iter().any(|endpoint| !matches!(endpoint.service, Known::Text(_)));
        let has = |service: &str| {
            network.endpoints.iter().any(|endpoint| matches!(&endpoint.service, Known::Text(own) if own == service))
        };
        let needed = self.estate.services_needed();
        let missing: Vec<&str> = needed.into_iter().filter(|service| !has(service)).collect();
        let nameless: Vec<String> = network
            .endpoints
            .iter()
            .filter(|endpoint| !endpoint.has_name && !network.names_elsewhere)
            .filter_map(|endpoint| match &endpoint.service {
                Known::Text(service) if service.starts_with("ecr.") => Some(service.clone()),
                _ => None,
            })
            .collect();
        if !missing.is_empty() {
            let check = if hidden { Check::NetworkUnknown } else { Check::EndpointMissing };
            self.add(check, &path, None, "", missing.join(", "));
        }
        if !nameless.is_empty() {
            self.add(Check::EndpointWithoutName, &path, None, "", nameless.join(", "));
        }
    }

    /// Pipelines that strangers may run cannot pull from a private registry.
    fn strangers(&mut self) {
        if !self.repository.is_open {
            return;
        }
        for (path, findings) in &self.repository.files {
            let first = findings
                .iter()
                .position(|finding| finding.kind.on_request().is_some() && finding.outcome.rule().is_some());
            if let Some(index) = first {
                self.add(Check::OpenRepository, path, Some(index), findings[index].afterwards(), String::new());
            }
        }
    }
}

/// The repository of a reference that goes through the rule of a prefix, as far as it is written.
fn repository_of(text: &str, prefix: &str) -> String {
    let start = match text.find(&format!("/{prefix}/")) {
        Some(at) => at + 1,
        None => text.find('/').map_or(0, |at| at + 1),
    };
    let name = text[start..].split(['@', '$', '{']).next().unwrap_or_default();
    let last = name.rfind('/').map_or(0, |at| at + 1);
    name[..name[last..].find(':').map_or(name.len(), |at| last + at)].to_owned()
}

/// Whether what a reference stands in runs in a cluster of Kubernetes.
fn runs_in_a_cluster(finding: &Finding) -> bool {
    let of_terraform = ["resource.kubernetes_", "resource.kubectl_", "resource.helm_release"];
    matches!(finding.kind, SiteKind::Kubernetes | SiteKind::Kustomize | SiteKind::Helm)
        || of_terraform.iter().any(|start| finding.place.starts_with(start))
}

/// What a reference ends with.
enum Ending {
    Digest,
    /// A tag that is meant to move, or none, which is `latest`.
    Moving,
    Tag,
    Variable,
}

fn ending(text: &str) -> Ending {
    let name = text.rsplit('/').next().unwrap_or(text);
    if name.contains("@sha256:") {
        return Ending::Digest;
    }
    match name.split_once(':') {
        Some((_, tag)) if tag.contains(['$', '{', '%']) => Ending::Variable,
        Some((_, tag)) if ["latest", "stable", "edge", "nightly", "main", "master", "dev"].contains(&tag) => {
            Ending::Moving
        }
        Some(_) => Ending::Tag,
        None if name.contains(['$', '{']) => Ending::Variable,
        None => match ImageRef::parse(text) {
            Ok(image) if image.tag().is_none() => Ending::Moving,
            _ => Ending::Variable,
        },
    }
}
