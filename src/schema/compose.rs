//! Compose files: what services run, and what they are built with.

use std::collections::HashSet;

use super::claim::Claim;
use super::collect::Collector;
use super::{Caution, SiteKind, dockerfile};
use crate::reason::Reason;
use crate::syntax::{Kind, Node};

/// Whether a document of another name is a Compose file: it has services that run an image or are built.
pub(super) fn is_compose(root: &Node<'_>) -> bool {
    let services = root.get("services").and_then(Node::entries).unwrap_or_default();
    services.iter().any(|service| service.value.get("image").is_some() || service.value.get("build").is_some())
}

/// Searches a Compose file.
pub(super) fn file(collector: &mut Collector, root: &Node<'_>) {
    let file = File::of(root);
    collector.built.extend(file.built.iter().map(|name| (*name).to_owned()));
    for entry in root.entries().unwrap_or_default() {
        // Extensions hold pieces of services, which anchors bring in.
        if entry.key.starts_with("x-") {
            collector.at_key(&entry.key, |collector| file.service(collector, &entry.value));
        }
    }
    collector.descend(root, &["services", "*"], &mut |collector, node| file.service(collector, node));
}

/// What a file says of all its services.
struct File<'n> {
    claim: Claim,
    /// The names that builds give to what they make.
    built: HashSet<&'n str>,
    /// The anchors of such names.
    built_by_alias: HashSet<usize>,
    /// The services that are built.
    building: HashSet<&'n str>,
    /// Whether a piece of a service that is brought into others is built, or a service that is built takes one in.
    builds_by_merge: bool,
}

impl<'n> File<'n> {
    fn of(root: &'n Node<'_>) -> Self {
        let mut pieces = Vec::new();
        services_of(root, &mut pieces);
        let is_built = |service: &&&Node<'_>| service.get("build").is_some();
        let named = pieces.iter().filter(is_built).filter_map(|service| service.get("image").and_then(Node::text));
        let aliases = pieces.iter().filter(is_built).filter_map(|service| match &service.get("image")?.kind {
            Kind::Alias(alias) => alias.anchor,
            _ => None,
        });
        let tags = pieces.iter().filter_map(|service| service.get("build")?.get("tags")?.elements());
        let built = named.chain(tags.flatten().filter_map(Node::text));
        let services = root.get("services").and_then(Node::entries).unwrap_or_default();
        let building = services.iter().filter(|service| service.value.get("build").is_some());
        let builds_by_merge =
            pieces.iter().filter(is_built).any(|service| service.anchor().is_some() || service.get("<<").is_some());
        File {
            built_by_alias: aliases.collect(),
            claim: Claim::certain(SiteKind::Compose),
            built: built.collect(),
            building: building.map(|service| service.key.as_ref()).collect(),
            builds_by_merge,
        }
    }

    fn service(&self, collector: &mut Collector, node: &Node<'_>) {
        if matches!(node.kind, Kind::Alias(_)) {
            return;
        }
        // What a merge brings in is shown where it stands.
        if let Some(image) = node.get("image") {
            let caution = self.output(node, image).then(|| Caution::never(Reason::BuildOutput));
            collector.at_key("image", |collector| collector.image(image, self.claim.with_caution(caution)));
        }
        if let Some(build) = node.get("build") {
            collector.at_key("build", |collector| self.build(collector, build));
        }
        self.mounts(collector, node);
    }

    /// Whether a service's image is what is built here.
    fn output(&self, service: &Node<'_>, image: &Node<'_>) -> bool {
        let never_pulled = matches!(service.get("pull_policy").and_then(Node::text), Some("build" | "never"));
        let may_be_merged = self.builds_by_merge && (service.get("<<").is_some() || service.anchor().is_some());
        service.get("build").is_some()
            || never_pulled
            || may_be_merged
            || service.get("extends").is_some_and(|base| self.may_build(base))
            || image.anchor().is_some_and(|anchor| self.built_by_alias.contains(&anchor))
            || image.text().is_some_and(|text| self.built.contains(text))
    }

    /// Whether a service that others extend is built, as far as this file says.
    fn may_build(&self, base: &Node<'_>) -> bool {
        let name = base.text().or_else(|| base.get("service").and_then(Node::text));
        base.get("file").is_some() || name.is_none_or(|name| self.building.contains(name))
    }

    fn build(&self, collector: &mut Collector, build: &Node<'_>) {
        let output = self.claim.with_caution(Some(Caution::never(Reason::BuildOutput)));
        collector.descend(build, &["cache_from"], &mut |collector, images| collector.outputs(images, output));
        for path in [["additional_contexts"].as_slice(), &["additional_contexts", "*"]] {
            collector.descend(build, path, &mut |collector, context| contexts(collector, context, self.claim));
        }
        let names = context_names(build);
        collector.descend(build, &["dockerfile_inline"], &mut |collector, text| {
            dockerfile::inline(collector, text, Claim::certain(SiteKind::Dockerfile), &names);
        });
    }

    /// Volumes that are images.
    fn mounts(&self, collector: &mut Collector, node: &Node<'_>) {
        let Some(volumes) = node.get("volumes").and_then(Node::elements) else { return };
        for volume in volumes.iter().filter(|volume| volume.get("type").and_then(Node::text) == Some("image")) {
            if let Some(source) = volume.get("source") {
                collector.at_key("volumes", |collector| collector.image(source, self.claim));
            }
        }
    }
}

/// The services of a file, and the pieces of services in its extensions.
fn services_of<'n, 'a>(root: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    for entry in root.entries().unwrap_or_default() {
        if entry.key.starts_with("x-") {
            found.push(&entry.value);
        } else if entry.key == "services" {
            found.extend(entry.value.entries().unwrap_or_default().iter().map(|service| &service.value));
        }
    }
}

/// What the contexts of a build are called: in its Dockerfile these names are no images.
fn context_names(build: &Node<'_>) -> Vec<String> {
    let contexts = build.get("additional_contexts");
    let keys = contexts.and_then(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.to_string());
    let listed = contexts.and_then(Node::elements).unwrap_or_default().iter().filter_map(Node::text);
    keys.chain(listed.filter_map(|text| text.split_once('=').map(|(name, _)| name.to_owned()))).collect()
}

/// `docker-image://nginx:1`, or `base=docker-image://nginx:1` in a list.
fn contexts(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    const SCHEME: &str = "docker-image://";
    match &node.kind {
        Kind::Sequence(_) => collector.each_child(node, |collector, child| contexts(collector, child, claim)),
        Kind::Scalar(scalar) => {
            if let Some(at) = scalar.value().find(SCHEME) {
                collector.part(scalar, at + SCHEME.len()..scalar.value().len(), claim, node.anchor());
            }
        }
        _ => {}
    }
}
