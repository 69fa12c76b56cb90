//! References whose registry is a value of its own: what stands beside a repository, and what goes before it.
//!
//! Somebody joins the two later, so they change together or not at all.

use super::claim::{Claim, Names};
use super::collect::Collector;
use super::{Caution, Certainty};
use crate::reason::Reason;
use crate::syntax::{Entry, Node, Scalar};

/// Registry and repository of one image, where a mapping has both.
pub(super) fn repository(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    let shares = |key: &str| node.get(key).is_some_and(|value| value.anchor().is_some());
    let times = |name: &str| node.entries().unwrap_or_default().iter().filter(|entry| entry.key == name).count();
    // A mapping with an anchor is merged into others, which may replace one half.
    let caution = if node.anchor().is_some() || shares("registry") || shares("repository") || shares("image") {
        Some(Caution::never(Reason::SharedValue))
    } else if repository_of(node).is_some_and(|repository| begins_with_host(repository.value()))
        || names_more(node)
        || times("registry") > 1
        || times("repository") > 1
    {
        Some(Caution::never(Reason::Incomplete))
    } else {
        None
    };
    let claim = claim.with_caution(caution);
    let registry = node.get("registry").and_then(|registry| collector.text(registry));
    if let (Some(registry), Some(repository)) = (registry, repository_of(node)) {
        pair(collector, &registry, repository, claim);
    }
}

/// What a registry is joined to, where a mapping has that.
fn repository_of<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Scalar<'a>> {
    let scalar = |key: &str| node.get(key).and_then(Node::scalar);
    let has = |keys: &[&str]| keys.iter().any(|key| node.get(key).is_some());
    // Other words than these are an image's only beside a tag: a registry may also be one to log in to.
    let is_tagged = has(&["tag", "version", "digest", "imageTag"]) && !has(&["username", "password"]);
    let of_image = node.get("image").is_none_or(|image| image.scalar().is_some());
    let has_tag = |name: &&Scalar<'_>| name.value().contains([':', '@']);
    let other = || ["image", "name"].into_iter().filter(|_| of_image).find_map(scalar);
    scalar("repository").or_else(|| other().filter(|name| is_tagged || has_tag(name)))
}

fn begins_with_host(repository: &str) -> bool {
    repository.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost")
}

/// Whether a mapping has other repositories that its registry may be joined to.
fn names_more(node: &Node<'_>) -> bool {
    let entries = node.entries().unwrap_or_default();
    entries.iter().any(|Entry { key, .. }| key != "repository" && key.ends_with("epository"))
}

/// Claims registry and repository as one reference.
pub(super) fn pair(collector: &mut Collector, registry: &Scalar<'_>, repository: &Scalar<'_>, claim: Claim) {
    if claim.names == Names::Trusted && !registry.value().is_empty() && !repository.value().is_empty() {
        // A host says that the two are an image, whatever they are called.
        let is_host = registry.value().contains('.') && !registry.value().contains(char::is_whitespace);
        let claim = if is_host { claim.with_certainty(claim.certainty.max(Certainty::Named)) } else { claim };
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
        "imageRegistry" | "hub" | "registry" => value.text().is_some_and(|registry| !registry.is_empty()),
        "image" => value.get("registry").and_then(Node::text).is_some_and(|registry| !registry.is_empty()),
        _ => false,
    })
}
