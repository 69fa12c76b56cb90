//! Kubernetes manifests: every kind that holds containers, custom resources included.

use super::claim::Claim;
use super::collect::Collector;
use super::gitops::{self, Searched};
use super::text::passes_on;
use super::{Caution, SiteKind, kustomize};
use crate::reason::Reason;
use crate::syntax::{Kind, Language, Node};

/// Lists of containers, in the kinds of Kubernetes and in custom resources (Argo's sidecars, Tekton's steps).
const LISTS: [&str; 6] =
    ["containers", "initContainers", "ephemeralContainers", "sidecars", "steps", "containerDefinitions"];
/// Single containers in custom resources (Argo's templates and plugins, Tekton's defaults).
const SINGLE: [&str; 5] = ["container", "script", "sidecar", "stepTemplate", "primaryContainer"];
/// API groups whose documents describe or judge other documents: what looks like an image there is a pattern or a schema.
const PATTERNS: [&str; 10] = [
    "apiextensions.k8s.io/",
    "admissionregistration.k8s.io/",
    "kyverno.io/",
    "policies.kyverno.io/",
    "templates.gatekeeper.sh/",
    "constraints.gatekeeper.sh/",
    "mutations.gatekeeper.sh/",
    "policies.kubewarden.io/",
    "policy.open-cluster-management.io/",
    "policy.sigstore.dev/",
];
/// API groups by which a cluster manages another cloud, which cannot log in to ECR.
const ELSEWHERE: [&str; 2] = [".cnrm.cloud.google.com", ".azure.com"];

/// Whether a document is a manifest: it names its kind and the version of its API.
pub(super) fn is_manifest(root: &Node<'_>) -> bool {
    root.get("apiVersion").is_some_and(|version| version.text().is_some())
        && root.get("kind").is_some_and(|kind| kind.text().is_some())
}

/// Whether what looks like an image in an object is none, or none that is pulled through ECR.
fn is_other(object: &Node<'_>) -> bool {
    let version = object.get("apiVersion").and_then(Node::text).unwrap_or_default();
    let group = version.split('/').next().unwrap_or_default();
    is_manifest(object)
        && (PATTERNS.iter().any(|pattern| version.starts_with(pattern))
            || ELSEWHERE.iter().any(|elsewhere| group.ends_with(elsewhere)))
}

/// Searches a manifest.
pub(super) fn manifest(collector: &mut Collector, root: &Node<'_>) {
    if is_other(root) {
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
        _ if kustomize::is_kustomization(root) => kustomize::file(collector, root),
        _ => {
            if gitops::resource(collector, root) == Searched::Partly {
                containers(collector, root, Claim::certain(SiteKind::Kubernetes), &mut Collector::image);
            }
            texts(collector, root);
            collector.sweep(root, SiteKind::Kubernetes);
        }
    }
}

/// Documents kept as text, of which nobody says what becomes of them: what is an image there is shown.
pub(super) fn texts(collector: &mut Collector, node: &Node<'_>) {
    let Some(scalar) = node.scalar() else { return collector.each_child(node, texts) };
    if !scalar.value().contains("mage:") && !scalar.value().contains("mage\":") || collector.is_settled(scalar) {
        return;
    }
    let claim = Claim::certain(SiteKind::Kubernetes).with_caution(Some(Caution::never(Reason::UnknownPlace)));
    collector.within_text(node, &[Language::Json, Language::Yaml], |collector, document| {
        containers(collector, document, claim, &mut Collector::image);
        collector.sweep(document, SiteKind::Kubernetes);
    });
}

/// Whether a key holds containers.
pub(super) fn lists_containers(key: &str) -> bool {
    LISTS.contains(&key)
}

/// Shows what else reads like a reference in an object, unless images are none there.
pub(super) fn sweep(collector: &mut Collector, object: &Node<'_>, kind: SiteKind) {
    if !is_other(object) {
        collector.sweep(object, kind);
    }
}

/// What is done with each image that is found.
pub(super) type Found<'f> = dyn FnMut(&mut Collector, &Node<'_>, Claim) + 'f;

/// Searches an object, and what it holds, for containers and image volumes; `found` gets each image.
pub(super) fn containers(collector: &mut Collector, node: &Node<'_>, claim: Claim, found: &mut Found<'_>) {
    let Kind::Mapping(entries) = &node.kind else {
        return collector.each_child(node, |collector, child| containers(collector, child, claim, found));
    };
    if is_other(node) {
        return;
    }
    let version = node.get("apiVersion").and_then(Node::text).unwrap_or_default();
    let is_sage_maker = version.starts_with("sagemaker.services.k8s.aws/");
    let claim = claim.with_caution(is_sage_maker.then(|| Caution::on_request(Reason::NeedsMore)));
    // ECR is logged in to without them, so they stand in no way.
    let secrets = node.get("imagePullSecrets").map(|secrets| secrets.span());
    let claim = Claim { credentials: secrets.or(claim.credentials), ..claim };
    for entry in entries {
        collector.at_key(&entry.key, |collector| {
            match entry.key.as_ref() {
                "metadata" | "status" => return,
                key if LISTS.contains(&key) && entry.value.entries().is_none() => {
                    each_container(collector, &entry.value, claim, found);
                }
                key if SINGLE.contains(&key) && entry.value.entries().is_some() => {
                    each_container(collector, &entry.value, claim, found);
                }
                "volumes" => collector.descend(&entry.value, &["image", "reference"], &mut |collector, image| {
                    found(collector, image, claim);
                }),
                _ => {}
            }
            containers(collector, &entry.value, claim, found);
        });
    }
}

/// A container, or each of a list; one that an alias brings in is shown where it is used.
pub(super) fn each_container(collector: &mut Collector, node: &Node<'_>, claim: Claim, found: &mut Found<'_>) {
    match &node.kind {
        Kind::Mapping(entries) => {
            // In a template each arm of a condition may give one.
            let mut images = entries.iter().filter(|entry| entry.key == "image").peekable();
            let merged = entries.iter().find(|entry| entry.key == "<<" && entry.value.entries().is_none());
            if let (None, Some(merged)) = (images.peek(), merged) {
                return each_container(collector, &merged.value, claim, found);
            }
            for image in images.filter(|image| !matches!(image.value.kind, Kind::Mapping(_) | Kind::Sequence(_))) {
                collector.at_key("image", |collector| found(collector, &image.value, claim));
            }
        }
        Kind::Alias(alias) => collector.unresolved(alias.written, node.span(), claim),
        Kind::Scalar(_) | Kind::Reference(_) | Kind::Computed(_) => {}
        Kind::Call(call) if !passes_on(&call.name) => {}
        _ => collector.each_child(node, |collector, child| each_container(collector, child, claim, found)),
    }
}
