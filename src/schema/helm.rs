//! Values of Helm charts: files, texts and settings that a chart makes references of.
//!
//! Charts name their values as they like. Most say `image`, and many keep registry, repository and tag apart.

use std::collections::HashMap;

use super::claim::Claim;
use super::collect::Collector;
use super::expression::{VALUE, walk};
use super::names::{Name, name_of};
use super::split::pair;
use super::{Caution, SiteKind};
use crate::reason::Reason;
use crate::syntax::{Entry, Node};

/// Searches the values of a chart.
pub(super) fn values(collector: &mut Collector, root: &Node<'_>) {
    values_beside(collector, root, None);
}

/// The same, where something beside the values goes before them.
pub(super) fn values_beside(collector: &mut Collector, root: &Node<'_>, beside: Option<Caution>) {
    let joined = names_registry(root).then(|| Caution::never(Reason::Incomplete));
    let claim = Claim { kind: SiteKind::Helm, hostless: joined, ..VALUE };
    walk(collector, root, claim.with_caution(beside));
}

/// Whether values name a registry that no repository stands beside: the chart may put it before any name without a host.
fn names_registry(node: &Node<'_>) -> bool {
    let Some(entries) = node.entries() else { return node.children().into_iter().any(names_registry) };
    let has_repository =
        ["repository", "image", "name"].iter().any(|key| node.get(key).is_some_and(|it| it.text().is_some()));
    // One under `global` goes before all others: that is more than half a reference.
    entries.iter().filter(|entry| entry.key != "global").any(|Entry { key, value }| {
        let is_registry = match key.as_ref() {
            "registry" => !has_repository,
            "hub" | "repo" | "imageRegistry" | "image_registry" | "dockerRegistry" | "docker_registry"
            | "containerRegistry" | "container_registry" | "registryPrefix" | "imagePrefix" | "image_prefix"
            | "repositoryPrefix" => true,
            _ => false,
        };
        is_registry && value.text().is_some_and(|text| !text.is_empty()) || names_registry(value)
    })
}

/// Whether values that are set one by one name a registry: it goes before one in the other values.
pub(super) fn set_registry(settings: &[&Node<'_>]) -> bool {
    let mut names = settings.iter().filter_map(|setting| setting.get("name").and_then(Node::text));
    names.any(names_registry_by_path)
}

/// Whether the path of a value is a registry's.
fn names_registry_by_path(path: &str) -> bool {
    path.ends_with("egistry") || path.ends_with("global.hub")
}

/// Whether a value that is set by its path is half of an image, whose other half may stand in the other values.
pub(super) fn is_half(path: &str, value: Option<&str>) -> bool {
    let has_host = || value.is_some_and(|value| value.split_once('/').is_some_and(|(host, _)| host.contains('.')));
    names_registry_by_path(path) || path.ends_with("epository") && !has_host()
}

/// Whether values mention the registry that charts put before any other.
pub(super) fn mention_global_registry(values: &Node<'_>) -> bool {
    let by_key = |entries: &[Entry<'_>]| entries.iter().any(|entry| entry.key == "imageRegistry");
    values.entries().is_some_and(by_key)
        || values.text().is_some_and(|text| text.contains("imageRegistry"))
        || values.children().into_iter().any(mention_global_registry)
}

/// Searches values that are set one by one, each a mapping of a name and a value: `image.repository`.
pub(super) fn settings<'n, 'a>(collector: &mut Collector, settings: &[&'n Node<'a>], claim: Claim) {
    let of_name = |setting: &&'n Node<'a>| Some((setting.get("name")?.text()?, setting.get("value")?));
    // Of two settings of one name the last holds; then neither is half of a pair.
    let by_name: HashMap<&str, &Node<'_>> = settings.iter().filter_map(of_name).collect();
    let value = |name: &str| by_name.get(name).copied();
    let overrides = ["global.imageRegistry", "global.image.registry", "global.hub"];
    let overridden = overrides.iter().any(|name| value(name).is_some_and(|value| value.text() != Some("")));
    let claim = claim.with_caution(overridden.then(|| Caution::never(Reason::Overridden)));
    for setting in settings {
        let Some(name) = setting.get("name").and_then(Node::text) else { continue };
        let Some(set) = setting.get("value") else { continue };
        let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
        if last == "repository"
            && let Some(registry) = value(&format!("{parent}.registry")).and_then(|value| collector.text(value))
            && let Some(repository) = set.scalar()
        {
            pair(collector, &registry, repository, claim);
        }
        if let Name::Image(certainty) = name_of(last) {
            collector.at_key("value", |collector| walk(collector, set, claim.with_certainty(certainty)));
        } else if last.ends_with("epository") {
            collector.at_key("value", |collector| walk(collector, set, claim));
        }
    }
}
