//! Kustomizations, and what says the same in Flux and Argo CD: images replaced by their names, and patches.

use super::claim::Claim;
use super::collect::Collector;
use super::{Added, Caution, SiteKind, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Kind, Language, Node};

/// Whether a document is a kustomization by its own word.
pub(super) fn is_kustomization(root: &Node<'_>) -> bool {
    root.get("apiVersion").and_then(Node::text).is_some_and(|version| version.starts_with("kustomize.config.k8s.io/"))
        || matches!(root.get("kind").and_then(Node::text), Some("ImageTagTransformer"))
}

/// Searches a kustomization.
pub(super) fn file(collector: &mut Collector, root: &Node<'_>) {
    let named = |key: &str| {
        let named = root.get(key).and_then(Node::elements).unwrap_or_default();
        named.iter().filter_map(Node::text).map(str::to_owned).collect::<Vec<_>>()
    };
    for key in ["resources", "bases", "crds"] {
        collector.kustomization.resources.extend(named(key));
    }
    for key in ["components", "transformers"] {
        collector.kustomization.parts.extend(named(key));
    }
    for path in [["helmCharts", "valuesFile"], ["helmCharts", "additionalValuesFiles"]] {
        collector.descend(root, &path, &mut |collector, file| {
            let files = file.elements().unwrap_or(std::slice::from_ref(file));
            collector.kustomization.resources.extend(files.iter().filter_map(Node::text).map(str::to_owned));
        });
    }
    // Patches in files of their own are taken in too.
    for path in [["patches", "path"].as_slice(), &["patchesJson6902", "path"], &["patchesStrategicMerge"]] {
        collector.descend(root, path, &mut |collector, file| {
            let files = file.elements().map_or_else(|| vec![file], |files| files.iter().collect());
            let texts = files.into_iter().filter_map(Node::text).filter(|text| !text.contains('\n'));
            collector.kustomization.resources.extend(texts.map(str::to_owned));
        });
    }
    collector.descend(root, &["images"], &mut images);
    // The list's former name, and a transformer in a file of its own: their names are keys too.
    for path in [["imageTags", "name"], ["imageTag", "name"]] {
        collector.descend(root, &path, &mut |collector, name| collector.match_key(name));
    }
    collector.descend(root, &["helmCharts", "valuesInline"], &mut helm::values);
    patches(collector, root);
    collector.sweep(root, SiteKind::Kustomize);
}

/// The patches of a kustomization, as text or as objects.
pub(super) fn patches(collector: &mut Collector, root: &Node<'_>) {
    for path in [["patches", "patch"].as_slice(), &["patchesJson6902", "patch"], &["patchesStrategicMerge"]] {
        collector.descend(root, path, &mut |collector, patch| match &patch.kind {
            Kind::Sequence(_) => collector.each_child(patch, self::patch),
            _ => self::patch(collector, patch),
        });
    }
}

fn patch(collector: &mut Collector, node: &Node<'_>) {
    let claim = Claim::certain(SiteKind::Kustomize);
    if node.scalar().is_none() {
        return changes(collector, node, claim);
    }
    collector.within_text(node, &[Language::Yaml], |collector, document| {
        changes(collector, document, claim);
        kubernetes::sweep(collector, document, claim.kind);
    });
}

/// What a patch changes: a list of operations, or a piece of a manifest.
fn changes(collector: &mut Collector, document: &Node<'_>, claim: Claim) {
    if is_json_patch(document) {
        json_patch(collector, document, claim);
    } else {
        kubernetes::containers(collector, document, claim, &mut Collector::image);
    }
}

/// Whether a document is a list of operations: `{op: replace, path: /spec/…, value: …}`.
pub(super) fn is_json_patch(root: &Node<'_>) -> bool {
    let elements = root.elements().unwrap_or_default();
    !elements.is_empty() && elements.iter().all(|element| element.get("op").is_some() && element.get("path").is_some())
}

/// The images that a list of operations sets.
pub(super) fn json_patch(collector: &mut Collector, root: &Node<'_>, claim: Claim) {
    collector.each_child(root, |collector, operation| {
        let sets = matches!(operation.get("op").and_then(Node::text), Some("add" | "replace"));
        let path = operation.get("path").and_then(Node::text).unwrap_or_default();
        if operation.get("op").and_then(Node::text) == Some("test") && path.ends_with("/image") {
            // The manifest has to go on saying this, or the patch fails.
            if let Some(tested) = operation.get("value") {
                let text = tested.text().unwrap_or_default();
                let name = text.split('@').next().unwrap_or_default();
                let tag = name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
                collector.kustomization.tested.push(tag.map_or(name, |(name, _)| name).to_owned());
                let key = claim.with_caution(Some(Caution::never(Reason::MatchKey)));
                collector.at_key("value", |collector| collector.image(tested, key));
            }
        }
        let Some(value) = operation.get("value").filter(|_| sets) else { return };
        let parent = path.rsplit('/').nth(1).unwrap_or_default();
        collector.at_key("value", |collector| {
            if path.ends_with("/image") {
                collector.image(value, claim);
            } else if kubernetes::lists_containers(parent)
                || kubernetes::lists_containers(path.rsplit('/').next().unwrap_or_default())
            {
                kubernetes::each_container(collector, value, claim, &mut Collector::image);
            } else {
                kubernetes::containers(collector, value, claim, &mut Collector::image);
            }
        });
    });
}

/// Images that are replaced: `name` is what the manifests say and stays, `newName` is what is pulled.
pub(super) fn images(collector: &mut Collector, node: &Node<'_>) {
    if let Kind::Sequence(_) = node.kind {
        return collector.each_child(node, images);
    }
    let claim = Claim::certain(SiteKind::Kustomize);
    let Some(name) = node.get("name") else { return };
    collector.match_key(name);
    collector.found_by = name.text().map(str::to_owned);
    let new = node.get("newName").filter(|new| new.text() != Some("") && new.text() != Some("null"));
    match (new, name.scalar()) {
        (Some(new), _) => collector.at_key("newName", |collector| collector.image(new, claim)),
        (None, Some(scalar)) if node.get("newName").is_some() => {
            // It has the entry, and nothing in it.
            let site = Added { key: "newName", mapping: node.span() };
            let claim = claim.with_caution(Some(Caution::never(Reason::MatchKey)));
            collector.at_key("newName", |collector| collector.add(scalar, claim, site));
        }
        (None, Some(scalar)) => {
            collector.at_key("newName", |collector| {
                collector.add(scalar, claim, Added { key: "newName", mapping: node.span() });
            });
        }
        _ => {}
    }
    collector.found_by = None;
}

/// Images that Argo CD replaces, as text: `name=new:tag`, or `new:tag` for an image of the same name.
pub(super) fn images_as_text(collector: &mut Collector, node: &Node<'_>) {
    match &node.kind {
        Kind::Sequence(_) => collector.each_child(node, images_as_text),
        Kind::Scalar(scalar) => {
            let claim = Claim::certain(SiteKind::Kustomize);
            match scalar.value().split_once('=') {
                Some((name, new)) => {
                    collector.kustomization.names.push(name.to_owned());
                    collector.kustomization.is_everywhere = true;
                    let at = scalar.value().len() - new.len();
                    collector.found_by = Some(name.to_owned());
                    collector.account(&scalar.slice(0..name.len()));
                    collector.part(scalar, at..scalar.value().len(), claim, node.anchor());
                    collector.found_by = None;
                }
                None => {
                    let name = scalar.value().split(['@', ':']).next().unwrap_or_default();
                    collector.kustomization.names.push(name.to_owned());
                    collector.kustomization.is_everywhere = true;
                    collector.image(node, claim.with_caution(Some(Caution::never(Reason::MatchKey))));
                }
            }
        }
        _ => {}
    }
}
