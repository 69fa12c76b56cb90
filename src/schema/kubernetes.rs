//! Kubernetes manifests: every kind that holds containers, custom resources included.

use super::SiteKind;
use super::collect::{Claim, Collector};
use crate::syntax::{Kind, Node};

/// Lists of containers, in the kinds of Kubernetes and in custom resources (Argo's sidecars, Tekton's steps).
const LISTS: [&str; 5] = ["containers", "initContainers", "ephemeralContainers", "sidecars", "steps"];
/// Single containers in custom resources (Argo's templates and plugins, Tekton's defaults).
const SINGLE: [&str; 4] = ["container", "script", "sidecar", "stepTemplate"];
/// API groups whose documents describe or judge other documents: what looks like an image there is a pattern or a schema.
const PATTERNS: [&str; 7] = [
    "apiextensions.k8s.io/",
    "admissionregistration.k8s.io/",
    "kyverno.io/",
    "policies.kyverno.io/",
    "templates.gatekeeper.sh/",
    "constraints.gatekeeper.sh/",
    "policy.sigstore.dev/",
];

/// Whether a document is a manifest: it names its kind and the version of its API.
pub(super) fn is_manifest(root: &Node<'_>) -> bool {
    root.get("apiVersion").is_some_and(|version| version.text().is_some())
        && root.get("kind").is_some_and(|kind| kind.text().is_some())
}

/// Searches a manifest.
pub(super) fn manifest(collector: &mut Collector, root: &Node<'_>) {
    let version = root.get("apiVersion").and_then(Node::text).unwrap_or_default();
    if PATTERNS.iter().any(|group| version.starts_with(group)) {
        return;
    }
    match root.get("items").and_then(Node::elements) {
        Some(items) if root.get("kind").and_then(Node::text).is_some_and(|kind| kind.ends_with("List")) => {
            collector.at_key("items", |collector| {
                for (index, item) in items.iter().enumerate() {
                    collector.at_index(index, |collector| manifest(collector, item));
                }
            });
        }
        _ => {
            containers(collector, root, Claim::certain(SiteKind::Kubernetes), &mut Collector::image);
            collector.sweep(root, SiteKind::Kubernetes);
        }
    }
}

/// Searches an object, and what it holds, for containers and image volumes; `found` gets each image.
pub(super) fn containers(
    collector: &mut Collector,
    node: &Node<'_>,
    claim: Claim,
    found: &mut dyn FnMut(&mut Collector, &Node<'_>, Claim),
) {
    let Kind::Mapping(entries) = &node.kind else {
        return collector.each_child(node, |collector, child| containers(collector, child, claim, found));
    };
    for entry in entries {
        let keys: &[&str] = match entry.key.as_ref() {
            "metadata" | "status" => continue,
            key if LISTS.contains(&key) && entry.value.elements().is_some() => &["image"],
            key if SINGLE.contains(&key) && entry.value.entries().is_some() => &["image"],
            "volumes" => &["image", "reference"],
            _ => &[],
        };
        collector.at_key(&entry.key, |collector| {
            if !keys.is_empty() {
                collector.descend(&entry.value, keys, &mut |collector, image| {
                    if !matches!(image.kind, Kind::Mapping(_) | Kind::Sequence(_)) {
                        found(collector, image, claim);
                    }
                });
            }
            containers(collector, &entry.value, claim, found);
        });
    }
}
