//! References whose registry is a value of its own: what stands beside a repository, and what goes before it.
//!
//! Somebody joins the two later, so they change together or not at all.

use super::Caution;
use super::collect::{Claim, Collector, Names};
use crate::reason::Reason;
use crate::syntax::{Entry, Node, Scalar};

/// Registry and repository of one image, where a mapping has both.
pub(super) fn repository(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    let scalar = |key: &str| node.get(key).and_then(Node::scalar);
    let shares = |key: &str| node.get(key).is_some_and(|value| value.anchor.is_some());
    let times = |name: &str| node.entries().unwrap_or_default().iter().filter(|entry| entry.key == name).count();
    // A mapping with an anchor is merged into others, which may replace one half.
    let caution = if node.anchor.is_some() || shares("registry") || shares("repository") || shares("image") {
        Some(Caution::never(Reason::SharedValue))
    } else if times("registry") > 1 || times("repository") > 1 {
        Some(Caution::never(Reason::Incomplete))
    } else {
        None
    };
    let claim = claim.with_caution(caution);
    if let (Some(registry), Some(repository)) = (scalar("registry"), scalar("repository").or_else(|| scalar("image"))) {
        pair(collector, registry, repository, claim);
    }
}

/// Claims registry and repository as one reference.
pub(super) fn pair(collector: &mut Collector, registry: &Scalar<'_>, repository: &Scalar<'_>, claim: Claim) {
    if claim.names == Names::Trusted && !registry.value.is_empty() && !repository.value.is_empty() {
        collector.at_key("repository", |collector| collector.claim_split(registry, repository, claim));
    }
}

/// Whether a mapping names a registry beside its images, which are then joined to it.
pub(super) fn registry_beside(node: &Node<'_>) -> bool {
    let entries = node.entries().unwrap_or_default();
    entries.iter().any(|Entry { key, value }| {
        let names_one = matches!(key.as_ref(), "registry" | "image_registry" | "imageRegistry" | "container_registry");
        names_one && value.text() != Some("")
    })
}

/// Whether a mapping sets a registry that goes before those of its images: `global` in the values of a chart.
pub(super) fn overriding(node: &Node<'_>) -> Option<Caution> {
    node.get("global").is_some_and(sets_registry).then(|| Caution::never(Reason::Overridden))
}

/// Whether `global` names a registry that charts put before any other.
fn sets_registry(global: &Node<'_>) -> bool {
    let entries = global.entries().unwrap_or_default();
    entries.iter().any(|Entry { key, value }| match key.as_ref() {
        "imageRegistry" | "hub" => value.text().is_some_and(|registry| !registry.is_empty()),
        "image" => value.get("registry").and_then(Node::text).is_some_and(|registry| !registry.is_empty()),
        _ => false,
    })
}
