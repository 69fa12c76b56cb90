//! What is wrong with rules.

use std::fmt;

use super::rule::ROOT;
use crate::upstream::Upstream;

/// Rules that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not `UPSTREAM=PREFIX`.
    Rule(String),
    /// ECR has no upstream of this name.
    Upstream(String),
    /// ECR would refuse the prefix.
    Prefix(String),
    /// ECR would refuse the path of the upstream.
    Path(String),
    /// Two rules for one upstream.
    Twice(Upstream),
    /// Two prefixes of which one contains the other.
    Overlap(String, String),
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::Rule(text) => {
                write!(f, "`{text}` is not a rule: write UPSTREAM=PREFIX, for example quay.io=quay")
            }
            PolicyError::Upstream(name) => write!(
                f,
                "ECR cannot cache `{name}`; its upstreams are public.ecr.aws, registry-1.docker.io, quay.io, \
                 registry.k8s.io, ghcr.io, registry.gitlab.com, cgr.dev, <name>.azurecr.io, and the host of another private ECR registry"
            ),
            PolicyError::Prefix(prefix) if prefix == ROOT => {
                write!(f, "`{ROOT}` is a prefix for the whole of another private ECR registry only")
            }
            PolicyError::Prefix(prefix) => write!(
                f,
                "`{prefix}` cannot be the prefix of a cache rule: 2 to 30 characters, lower-case letters and digits \
                 with single `.`, `_`, `-` or `/` between them"
            ),
            PolicyError::Path(path) => write!(
                f,
                "`{path}` cannot be the path of an upstream that a cache rule is limited to: 2 to 30 characters, lower-case \
                 letters and digits with single `.`, `_`, `-` or `/` between them"
            ),
            PolicyError::Twice(upstream) => write!(f, "there are two rules for `{upstream}`: keep one"),
            PolicyError::Overlap(one, other) if one == other => {
                write!(f, "there are two rules with the prefix `{one}`: give one of them another")
            }
            PolicyError::Overlap(one, other) => write!(
                f,
                "the prefixes `{one}` and `{other}` overlap, and ECR does not say which rule would win: give one of them \
                 another"
            ),
        }
    }
}

impl std::error::Error for PolicyError {}
