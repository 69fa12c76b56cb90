//! Cache rules: which repositories they fill, from where, and how people write them.

use std::str::FromStr;

use super::PolicyError;
use crate::image::ImageRef;
use crate::registry::{EcrHost, Registry};
use crate::upstream::Upstream;

/// The shortest and the longest prefix of a cache rule, in characters.
const PREFIX_LENGTH: std::ops::RangeInclusive<usize> = 2..=30;

/// A pull-through cache rule: repositories below `prefix` are filled from `upstream`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheRule {
    pub(super) upstream: Upstream,
    /// What the paths at the upstream begin with, and the cached ones do not.
    pub(super) upstream_prefix: Option<String>,
    pub(super) prefix: String,
    pub(super) reach: Reach,
}

/// Which images of its upstream a rule serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    All,
    /// Only Docker's official images: nobody asked for the rest of Docker Hub.
    OfficialOnly,
}

impl CacheRule {
    /// A rule of this prefix for this upstream.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Prefix`] if ECR would refuse the prefix: 2 to 30 characters, lower-case letters and digits with
    /// single `.`, `_`, `-` or `/` between them.
    pub fn new(upstream: Upstream, prefix: impl Into<String>) -> Result<Self, PolicyError> {
        let prefix = checked_prefix(prefix.into())?;
        if prefix == ROOT && !matches!(upstream, Upstream::Ecr(_)) {
            return Err(PolicyError::Prefix(prefix));
        }
        Ok(CacheRule { upstream, upstream_prefix: None, prefix, reach: Reach::All })
    }

    /// The rule for the part of its upstream below a path, which the cached repositories do not repeat:
    /// `upstreamRepositoryPrefix`.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Path`] if ECR would refuse the path, and [`PolicyError::Prefix`] if the rule fills the whole registry.
    pub fn below(self, upstream_prefix: impl Into<String>) -> Result<Self, PolicyError> {
        let refused = |error| match error {
            PolicyError::Prefix(path) => PolicyError::Path(path),
            other => other,
        };
        let upstream_prefix = checked_prefix(upstream_prefix.into()).map_err(refused)?;
        if upstream_prefix == ROOT {
            return Err(PolicyError::Path(upstream_prefix));
        }
        if self.prefix == ROOT {
            return Err(PolicyError::Prefix(self.prefix));
        }
        Ok(CacheRule { upstream_prefix: Some(upstream_prefix), ..self })
    }

    /// A rule for every upstream that there is one of, with the prefixes that the console of ECR proposes, but for those
    /// that have one among `rules`.
    pub fn for_all_upstreams(rules: &[CacheRule]) -> Vec<CacheRule> {
        let missing = Upstream::with_default_prefixes()
            .filter(|(upstream, _)| rules.iter().all(|rule| rule.upstream != *upstream));
        missing
            .map(|(upstream, prefix)| CacheRule {
                upstream,
                upstream_prefix: None,
                prefix: prefix.to_owned(),
                reach: Reach::All,
            })
            .collect()
    }

    /// The registry it caches.
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// The first part of the name of each repository it fills, without a final `/`; `ROOT` if there is none.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path at the upstream that it is limited to.
    pub fn upstream_prefix(&self) -> Option<&str> {
        self.upstream_prefix.as_deref()
    }

    /// The repositories that it fills, as IAM writes them: `ecr-public/*`.
    pub fn repositories(&self) -> String {
        if self.prefix == ROOT { "*".to_owned() } else { format!("{}/*", self.prefix) }
    }

    /// Whether it serves nothing but Docker's official images.
    pub(crate) fn is_for_official_images(&self) -> bool {
        self.reach == Reach::OfficialOnly
    }

    pub(super) fn holds(&self, repository: &str) -> bool {
        self.prefix == ROOT || below(repository, &self.prefix).is_some()
    }

    /// The repository that caches a path of the upstream.
    pub(super) fn repository(&self, path: &str) -> Option<String> {
        let rest = match &self.upstream_prefix {
            None => path,
            Some(above) => below(path, above)?,
        };
        Some(if self.prefix == ROOT { rest.to_owned() } else { format!("{}/{rest}", self.prefix) })
    }

    /// The path at the upstream of a repository that it fills.
    pub(super) fn path(&self, repository: &str) -> Option<String> {
        let rest = if self.prefix == ROOT { repository } else { below(repository, &self.prefix)? };
        Some(match &self.upstream_prefix {
            None => rest.to_owned(),
            Some(above) => format!("{above}/{rest}"),
        })
    }
}

/// The prefix of a rule that fills the whole registry, as ECR writes it.
pub(super) const ROOT: &str = "ROOT";

/// What follows a path and its `/`.
pub(super) fn below<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    path.strip_prefix(above)?.strip_prefix('/').filter(|rest| !rest.is_empty())
}

/// A prefix as ECR takes it, without a final `/`.
fn checked_prefix(prefix: String) -> Result<String, PolicyError> {
    let prefix = prefix.strip_suffix('/').map(str::to_owned).unwrap_or(prefix);
    let is_path = ImageRef::parse(&format!("host.test/{prefix}")).is_ok_and(|image| image.tail().is_empty());
    if prefix != ROOT && (!PREFIX_LENGTH.contains(&prefix.len()) || !is_path) {
        return Err(PolicyError::Prefix(prefix));
    }
    Ok(prefix)
}

/// `UPSTREAM=PREFIX`, for example `quay.io=quay` or `docker-hub=docker-hub`; with a path behind the upstream, the rule is
/// limited to it: `quay.io/prometheus=prometheus`.
impl FromStr for CacheRule {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (upstream, prefix) = text.split_once('=').ok_or_else(|| PolicyError::Rule(text.to_owned()))?;
        let (host, path) = upstream.split_once('/').map_or((upstream, None), |(host, path)| (host, Some(path)));
        let ecr = EcrHost::parse(&host.to_ascii_lowercase()).and_then(|host| canonical(&host)).map(Upstream::Ecr);
        let upstream =
            ecr.or_else(|| Upstream::named(host)).ok_or_else(|| PolicyError::Upstream(upstream.to_owned()))?;
        let rule = CacheRule::new(upstream, prefix)?;
        match path {
            Some(path) => rule.below(path),
            None => Ok(rule),
        }
    }
}

/// The plain form of a private registry's host.
pub(super) fn canonical(host: &EcrHost<'_>) -> Option<String> {
    Registry::new(Some(host.account), Some(host.region)).ok().map(|registry| registry.host())
}
