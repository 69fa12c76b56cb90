//! Compose files: what services run, and what they are built with.

use super::collect::{Claim, Collector};
use super::{Caution, SiteKind};
use crate::reason::Reason;
use crate::syntax::{Kind, Node};

/// Whether a document of another name is a Compose file: it has services that run an image or are built.
pub(super) fn is_compose(root: &Node<'_>) -> bool {
    let services = root.get("services").and_then(Node::entries).unwrap_or_default();
    services.iter().any(|service| service.value.get("image").is_some() || service.value.get("build").is_some())
}

/// Searches a Compose file.
pub(super) fn file(collector: &mut Collector, root: &Node<'_>) {
    let claim = Claim::certain(SiteKind::Compose);
    for entry in root.entries().unwrap_or_default() {
        // Extensions hold pieces of services, which anchors bring in.
        if entry.key.starts_with("x-") {
            collector.at_key(&entry.key, |collector| service(collector, &entry.value, claim));
        }
    }
    collector.descend(root, &["services", "*"], &mut |collector, node| service(collector, node, claim));
}

fn service(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    if matches!(node.kind, Kind::Alias(..)) {
        return;
    }
    let build = node.get("build");
    let output = build.map(|_| Caution::never(Reason::BuildOutput));
    // What a merge brings in is shown where it stands.
    if let Some(image) = node.get("image") {
        collector.at_key("image", |collector| collector.image(image, claim.with_caution(output)));
    }
    let Some(build) = build else { return mounts(collector, node, claim) };
    collector.at_key("build", |collector| {
        collector.descend(build, &["cache_from"], &mut |collector, images| {
            collector.outputs(images, claim.with_caution(Some(Caution::never(Reason::BuildOutput))));
        });
        for path in [["additional_contexts"].as_slice(), &["additional_contexts", "*"]] {
            collector.descend(build, path, &mut |collector, context| contexts(collector, context, claim));
        }
        collector.descend(build, &["dockerfile_inline"], &mut |collector, text| {
            collector.inline_dockerfile(text, Claim::certain(SiteKind::Dockerfile));
        });
    });
    mounts(collector, node, claim);
}

/// `docker-image://nginx:1`, or `base=docker-image://nginx:1` in a list.
fn contexts(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    match &node.kind {
        Kind::Sequence(_) => collector.each_child(node, |collector, child| contexts(collector, child, claim)),
        Kind::Scalar(scalar) => {
            const SCHEME: &str = "docker-image://";
            if let Some(at) = scalar.value.find(SCHEME) {
                collector.part(scalar, at + SCHEME.len()..scalar.value.len(), claim, node.anchor);
            }
        }
        _ => {}
    }
}

/// Volumes that are images.
fn mounts(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    let Some(volumes) = node.get("volumes").and_then(Node::elements) else { return };
    for volume in volumes.iter().filter(|volume| volume.get("type").and_then(Node::text) == Some("image")) {
        if let Some(source) = volume.get("source") {
            collector.at_key("volumes", |collector| collector.image(source, claim));
        }
    }
}
