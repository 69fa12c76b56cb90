//! CloudFormation templates, written by hand or by CDK, in JSON or YAML.
//!
//! A value may be put together by intrinsic functions. What is literal of it is found; what is not is a hole.

use std::sync::Arc;

use super::claim::Claim;
use super::collect::Collector;
use super::intrinsic::{Intrinsic, Text, own_value};
use super::places::{CLOUDFORMATION, IMAGE_BUILDER, Place};
use super::stack::Definitions;
use super::{Caution, SiteKind, dockerfile, ecs, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Entry, Kind, Language, Node, Scalar};

/// The custom resource by which CDK applies manifests to an EKS cluster.
const EKS_MANIFEST: &str = "Custom::AWSCDK-EKS-KubernetesResource";
/// The one by which it changes what is in a cluster.
const EKS_PATCH: &str = "Custom::AWSCDK-EKS-KubernetesPatch";
/// The one by which it installs charts.
const EKS_CHART: &str = "Custom::AWSCDK-EKS-HelmChart";

/// Whether a document is a template: it has resources with types.
pub(super) fn is_template(root: &Node<'_>) -> bool {
    root.get("Resources").is_some_and(has_typed)
}

fn has_typed(resources: &Node<'_>) -> bool {
    let entries = resources.entries().unwrap_or_default();
    entries.iter().any(|entry| match loop_body(entry) {
        Some(body) => has_typed(body),
        None => resource_type(&entry.value).is_some(),
    })
}

/// The resources of a loop: it has a variable, what it runs over, and resources with the variable in their names.
fn loop_body<'n, 'a>(entry: &'n Entry<'a>) -> Option<&'n Node<'a>> {
    match entry.value.elements()? {
        [_, _, body] if entry.key.starts_with("Fn::ForEach::") => Some(body),
        _ => None,
    }
}

/// Searches a template.
pub(super) fn template(collector: &mut Collector, root: &Node<'_>) {
    let mut images = Images { definitions: Definitions::of(root) };
    if let Some(resources) = root.get("Resources") {
        collector.at_key("Resources", |collector| images.resources(collector, resources));
    }
    collector.stack = Some(images.definitions.finish(collector, root));
    collector.sweep(root, SiteKind::CloudFormation);
}

fn resource_type<'n>(resource: &'n Node<'_>) -> Option<&'n str> {
    resource.get("Type").and_then(Node::text)
}

/// The images of one template, and the values that they come from.
struct Images<'n, 'a> {
    definitions: Definitions<'n, 'a>,
}

impl<'n, 'a> Images<'n, 'a> {
    fn resources(&mut self, collector: &mut Collector, resources: &Node<'_>) {
        for entry in resources.entries().unwrap_or_default() {
            collector.at_key(&entry.key, |collector| match loop_body(entry) {
                Some(body) => self.resources(collector, body),
                None => self.resource(collector, &entry.value),
            });
        }
    }

    fn resource(&mut self, collector: &mut Collector, resource: &Node<'_>) {
        let Some(name) = resource_type(resource) else { return };
        let Some(properties) = resource.get("Properties") else { return };
        let construct = resource.get("Metadata").and_then(|metadata| metadata.get("aws:cdk:path")).and_then(Node::text);
        collector.construct = construct.map(Arc::from);
        collector.at_key("Properties", |collector| {
            if name == EKS_MANIFEST {
                collector.descend(properties, &["Manifest"], &mut eks_manifest);
            }
            if name == EKS_PATCH {
                for key in ["ApplyPatchJson", "RestorePatchJson"] {
                    collector.descend(properties, &[key], &mut eks_patch);
                }
            }
            if name == EKS_CHART {
                collector.descend(properties, &["Values"], &mut eks_values);
            }
            if name == "AWS::ImageBuilder::ContainerRecipe" {
                let claim = Claim::certain(SiteKind::CloudFormation).with_caution(IMAGE_BUILDER.caution());
                collector.descend(properties, &["DockerfileTemplateData"], &mut |collector, text| {
                    dockerfile::inline(collector, text, claim, &[]);
                });
            }
            collector.custom_places(name, properties, Claim::certain(SiteKind::CloudFormation));
            for place in CLOUDFORMATION.iter().filter(|place| place.resource == name) {
                self.place(collector, properties, place);
            }
        });
        collector.construct = None;
    }

    fn place(&mut self, collector: &mut Collector, properties: &Node<'_>, place: &Place) {
        let keys: Vec<&str> = place.path.split('.').collect();
        let Some((last, holder)) = keys.split_last() else { return };
        let claim = Claim { limit: place.service.limit(), ..Claim::certain(SiteKind::CloudFormation) };
        let claim = claim.with_caution(place.service.caution());
        collector
            .descend(properties, holder, &mut |collector, container| self.holder(collector, container, last, claim));
    }

    /// The mapping, or each of several, that has the image.
    fn holder(&mut self, collector: &mut Collector, node: &Node<'_>, key: &str, claim: Claim) {
        if let Kind::Sequence(_) = node.kind {
            return collector.each_child(node, |collector, child| self.holder(collector, child, key, claim));
        }
        if let Some(arms) = node.get("Fn::If") {
            return self.holder(collector, arms, key, claim);
        }
        let claim = claim.with_credentials(ecs::pull_credentials(node));
        collector.descend(node, &[key], &mut |collector, image| self.image(collector, image, claim));
    }

    fn image(&mut self, collector: &mut Collector, node: &Node<'_>, claim: Claim) {
        if let Some(value) = own_value(node) {
            self.image(collector, value, claim.with_caution(shared_anchor(node)));
            return collector.settle(node);
        }
        match Intrinsic::of(node) {
            Some(Intrinsic::If(arms)) => arms.iter().for_each(|arm| self.image(collector, arm, claim)),
            Some(Intrinsic::Ref(name)) => {
                if name != "AWS::NoValue" {
                    self.definitions.refer(collector, name, node.span(), claim);
                }
            }
            Some(Intrinsic::Text) => match Text::of(node) {
                Some(text) if self.is_parameter(&text.scalar) => {
                    let name = text.scalar.value().trim_matches(['$', '{', '}']).to_owned();
                    self.definitions.refer(collector, &name, node.span(), claim);
                    collector.settle(node);
                }
                Some(text) => {
                    let claim = claim.with_caution(shared_anchor(node));
                    collector.with_form(text.form(collector), |collector| collector.claim(&text.scalar, claim, None));
                    collector.settle(node);
                }
                None => collector.unresolved("!Sub", node.span(), claim),
            },
            Some(Intrinsic::FindInMap(arguments)) => {
                self.definitions.look_up(collector, arguments, node.span(), claim);
                if let Some(default) = arguments.get(3).and_then(|more| more.get("DefaultValue")) {
                    self.image(collector, default, claim);
                }
            }
            Some(Intrinsic::Other(shown)) => collector.unresolved(&shown, node.span(), claim),
            None if node.elements().is_some() => {
                collector.each_child(node, |collector, child| self.image(collector, child, claim));
            }
            None => match Text::of(node) {
                Some(text) if node.anchor().is_none() => {
                    collector.with_form(text.form(collector), |collector| collector.image(node, claim));
                }
                _ => collector.image(node, claim),
            },
        }
    }

    /// Whether a `Fn::Sub` is a parameter and nothing else.
    fn is_parameter(&self, text: &Scalar<'_>) -> bool {
        let is_whole = matches!(text.holes(), [hole] if hole.range == (0..text.value().len()));
        is_whole && self.definitions.has_parameter(text.value().trim_matches(['$', '{', '}']))
    }
}

/// An alias of a part would bring the change to where it stands.
fn shared_anchor(node: &Node<'_>) -> Option<Caution> {
    has_anchor(node).then(|| Caution::never(Reason::SharedValue))
}

fn has_anchor(node: &Node<'_>) -> bool {
    node.anchor().is_some() || node.children().into_iter().any(has_anchor)
}

/// The manifests that CDK hands to the cluster: JSON as text, a list of objects.
fn eks_manifest(collector: &mut Collector, node: &Node<'_>) {
    if let Some(Intrinsic::If(arms)) = Intrinsic::of(node) {
        return arms.iter().for_each(|arm| eks_manifest(collector, arm));
    }
    let Some(text) = Text::of(node) else {
        return collector.each_child(node, kubernetes::manifest);
    };
    let form = text.inner_form(collector);
    let text = node.with_kind(Kind::Scalar(text.scalar));
    collector.with_form(form, |collector| {
        let read = collector.within_text(&text, &[Language::Json], |collector, document| {
            collector.each_child(document, kubernetes::manifest);
        });
        if !read {
            collector.unreadable(&text, Claim::certain(SiteKind::CloudFormation));
        }
    });
    collector.settle(node);
}

/// The parts of an object that CDK changes in the cluster: JSON as text, without a kind.
fn eks_patch(collector: &mut Collector, node: &Node<'_>) {
    in_json(collector, node, |collector, document| {
        let claim = Claim::certain(SiteKind::Kubernetes);
        kubernetes::containers(collector, document, claim, &mut Collector::image);
    });
}

/// The values that CDK hands to a chart: JSON as text.
fn eks_values(collector: &mut Collector, node: &Node<'_>) {
    in_json(collector, node, helm::values);
}

/// JSON as text, which functions may put together.
fn in_json(collector: &mut Collector, node: &Node<'_>, search: impl FnMut(&mut Collector, &Node<'_>)) {
    let Some(text) = Text::of(node) else { return };
    let form = text.inner_form(collector);
    let text = node.with_kind(Kind::Scalar(text.scalar));
    collector.with_form(form, |collector| {
        collector.within_text(&text, &[Language::Json], search);
    });
    collector.settle(node);
}
