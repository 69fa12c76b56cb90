//! Values of Helm charts: files, texts and settings that a chart makes references of.
//!
//! Charts name their values as they like. Most say `image`, and many keep registry, repository and tag apart; the chart
//! joins them, so registry and repository change together or not at all.

use super::collect::{Claim, Collector, Names};
use super::expression::{VALUE, walk};
use super::names::{Name, name_of};
use super::{Caution, SiteKind};
use crate::reason::Reason;
use crate::syntax::{Entry, Node, Scalar};

/// Searches a file of values.
pub(super) fn values(collector: &mut Collector, root: &Node<'_>) {
    search(collector, root, Claim { kind: SiteKind::Helm, ..VALUE });
}

/// Searches the values of one release.
pub(super) fn search(collector: &mut Collector, root: &Node<'_>, claim: Claim) {
    let overridden = root.get("global").is_some_and(sets_registry).then(|| Caution::never(Reason::Overridden));
    walk(collector, root, claim.with_caution(overridden));
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

/// Registry and repository of one image, where a mapping has both.
pub(super) fn split(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    let scalar = |key: &str| node.get(key).and_then(Node::scalar);
    if let (Some(registry), Some(repository)) = (scalar("registry"), scalar("repository").or_else(|| scalar("image"))) {
        pair(collector, registry, repository, claim);
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

fn pair(collector: &mut Collector, registry: &Scalar<'_>, repository: &Scalar<'_>, claim: Claim) {
    if claim.names == Names::Trusted && !registry.value.is_empty() && !repository.value.is_empty() {
        collector.at_key("repository", |collector| collector.claim_split(registry, repository, claim));
    }
}

/// Searches values that are set one by one, each a mapping of a name and a value: `image.repository`.
pub(super) fn settings(collector: &mut Collector, settings: &[&Node<'_>]) {
    let value = |name: &str| {
        let of_name = settings.iter().find(|setting| setting.get("name").and_then(Node::text) == Some(name));
        of_name.and_then(|setting| setting.get("value"))
    };
    for setting in settings {
        let Some(name) = setting.get("name").and_then(Node::text) else { continue };
        let Some(set) = setting.get("value") else { continue };
        let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
        if last == "repository"
            && let Some(registry) = value(&format!("{parent}.registry")).and_then(Node::scalar)
            && let Some(repository) = set.scalar()
        {
            pair(collector, registry, repository, VALUE);
        }
        if let Name::Image(certainty) = name_of(last) {
            collector.at_key("value", |collector| walk(collector, set, VALUE.with_certainty(certainty)));
        }
    }
}
