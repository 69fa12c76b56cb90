//! Which changes are made, of those that a policy allows.

use crate::edit::Applicability;
use crate::schema::Kinds;

/// Which changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The least that a change has to be trusted.
    pub threshold: Applicability,
    /// The kinds that are changed too, of those that are only changed when asked.
    pub also: Kinds,
    /// Whether kustomizations gain a `newName` where they replace an image by its name only.
    pub kustomize_add: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { threshold: Applicability::Safe, also: Kinds::default(), kustomize_add: false }
    }
}
