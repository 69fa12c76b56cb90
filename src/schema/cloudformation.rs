//! CloudFormation templates, written by hand or by CDK, in JSON or YAML.
//!
//! A value may be put together by intrinsic functions. What is literal of it is found; what is not is a hole.

use std::collections::HashMap;

use super::collect::{Claim, Collector};
use super::intrinsic::{Intrinsic, Text, call, substitutions};
use super::names::{Name, name_of};
use super::places::{CLOUDFORMATION, IMAGE_BUILDER, Place};
use super::{Caution, Certainty, SiteKind, ecs, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Entry, Kind, Language, Node};

/// The custom resource by which CDK applies manifests to an EKS cluster.
const EKS_MANIFEST: &str = "Custom::AWSCDK-EKS-KubernetesResource";
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

/// Shows the images among the parameters of a stack: `[{"ParameterKey": …, "ParameterValue": …}]`. What they are for
/// stands in a template that is not known here.
pub(super) fn parameter_values(collector: &mut Collector, root: &Node<'_>) {
    collector.each_child(root, |collector, parameter| {
        let key = parameter.get("ParameterKey").and_then(Node::text).unwrap_or_default();
        let Some(value) = parameter.get("ParameterValue") else { return };
        if let Name::Image(_) = name_of(key) {
            let claim = Claim::certain(SiteKind::CloudFormation).with_certainty(Certainty::Named);
            let caution = Some(Caution::never(Reason::UnknownPlace));
            collector.at_key("ParameterValue", |collector| collector.image(value, claim.with_caution(caution)));
        }
    });
}

/// Searches a template.
pub(super) fn template(collector: &mut Collector, root: &Node<'_>) {
    let mut images = Images { parameters: root.get("Parameters"), referred: Vec::new() };
    if let Some(resources) = root.get("Resources") {
        collector.at_key("Resources", |collector| images.resources(collector, resources));
    }
    images.parameters(collector, root);
    collector.sweep(root, SiteKind::CloudFormation);
}

fn resource_type<'n>(resource: &'n Node<'_>) -> Option<&'n str> {
    resource.get("Type").and_then(Node::text)
}

/// The images of one template, and the parameters that they come from.
struct Images<'n, 'a> {
    parameters: Option<&'n Node<'a>>,
    /// The parameters that image properties are, each use once.
    referred: Vec<(String, Claim)>,
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
        collector.at_key("Properties", |collector| {
            if name == EKS_MANIFEST {
                collector.descend(properties, &["Manifest"], &mut eks_manifest);
            }
            if name == EKS_CHART {
                collector.descend(properties, &["Values"], &mut eks_values);
            }
            if name == "AWS::ImageBuilder::ContainerRecipe" {
                let claim = Claim::certain(SiteKind::CloudFormation).with_caution(IMAGE_BUILDER.caution());
                collector.descend(properties, &["DockerfileTemplateData"], &mut |collector, text| {
                    collector.inline_dockerfile(text, claim, &[]);
                });
            }
            collector.custom_places(name, properties, Claim::certain(SiteKind::CloudFormation));
            for place in CLOUDFORMATION.iter().filter(|place| place.resource == name) {
                self.place(collector, properties, place);
            }
        });
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
        let claim = claim.with_caution(ecs::pull_credentials(node));
        collector.descend(node, &[key], &mut |collector, image| self.image(collector, image, claim));
    }

    fn image(&mut self, collector: &mut Collector, node: &Node<'_>, claim: Claim) {
        match Intrinsic::of(node) {
            Some(Intrinsic::If(arms)) => arms.iter().for_each(|arm| self.image(collector, arm, claim)),
            Some(Intrinsic::Ref(name)) => {
                if self.default_of(name).is_some() {
                    self.referred.push((name.to_owned(), claim));
                } else if name != "AWS::NoValue" {
                    collector.unresolved(&format!("!Ref {name}"), node.span, claim);
                }
            }
            Some(Intrinsic::Text) => match Text::of(node) {
                Some(text) => {
                    // An alias of a part would bring the change to where it stands.
                    let shared = has_anchor(node).then(|| Caution::never(Reason::SharedValue));
                    let claim = claim.with_caution(shared);
                    collector.with_form(text.form(collector), |collector| collector.claim(&text.scalar, claim, None));
                    collector.settle(node);
                }
                None => collector.unresolved("!Sub", node.span, claim),
            },
            Some(Intrinsic::Other(shown)) => collector.unresolved(&shown, node.span, claim),
            None if node.elements().is_some() => {
                collector.each_child(node, |collector, child| self.image(collector, child, claim));
            }
            None => match Text::of(node) {
                Some(text) if node.anchor.is_none() => {
                    collector.with_form(text.form(collector), |collector| collector.image(node, claim));
                }
                _ => collector.image(node, claim),
            },
        }
    }

    fn default_of(&self, parameter: &str) -> Option<&'n Node<'a>> {
        self.parameters?.get(parameter)?.get("Default")
    }

    /// The defaults of the parameters that are images, unless they are used for something else as well.
    fn parameters(self, collector: &mut Collector, root: &Node<'_>) {
        let mut as_image: HashMap<&str, (usize, Claim)> = HashMap::new();
        for (name, claim) in &self.referred {
            let (count, first) = as_image.entry(name).or_insert((0, *claim));
            *count += 1;
            *first = first.with_caution(first.caution.or(claim.caution));
        }
        let mut uses = HashMap::new();
        if !as_image.is_empty() {
            count_uses(root, &mut uses);
        }
        for (name, (count, claim)) in as_image {
            let Some(parameter) = self.parameters.and_then(|all| all.get(name)) else { continue };
            let Some(default) = parameter.get("Default") else { continue };
            let shared = uses.get(name).is_some_and(|all| *all > count);
            let claim = claim.with_caution(match shared {
                true => Some(Caution::never(Reason::SharedValue)),
                false => constraint(parameter),
            });
            collector.at_key("Parameters", |collector| {
                collector.at_key(name, |collector| {
                    collector.at_key("Default", |collector| collector.image(default, claim));
                });
            });
        }
    }
}

/// What a parameter asks of its value: a new default may not pass it, or mean something else.
fn constraint(parameter: &Node<'_>) -> Option<Caution> {
    let constrained = ["AllowedValues", "AllowedPattern", "MaxLength"].iter().any(|key| parameter.get(key).is_some());
    let stored = parameter.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::SSM::"));
    (constrained || stored).then(|| Caution::never(Reason::Validated))
}

fn has_anchor(node: &Node<'_>) -> bool {
    node.anchor.is_some() || node.children().into_iter().any(has_anchor)
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
    let text = Node { span: node.span, tag: None, anchor: node.anchor, kind: Kind::Scalar(text.scalar) };
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

/// The values that CDK hands to a chart: JSON as text.
fn eks_values(collector: &mut Collector, node: &Node<'_>) {
    let Some(text) = Text::of(node) else { return };
    let form = text.inner_form(collector);
    let text = Node { span: node.span, tag: None, anchor: node.anchor, kind: Kind::Scalar(text.scalar) };
    collector.with_form(form, |collector| {
        collector.within_text(&text, &[Language::Json], helm::values);
    });
    collector.settle(node);
}

/// How often a template uses each parameter, in any intrinsic.
fn count_uses<'n>(node: &'n Node<'_>, uses: &mut HashMap<&'n str, usize>) {
    match call(node) {
        Some(("Ref", argument)) => *uses.entry(argument.text().unwrap_or_default()).or_default() += 1,
        Some(("Sub", argument)) => {
            let template = argument.elements().map_or(argument, |elements| elements.first().unwrap_or(argument));
            let text = template.text().unwrap_or_default();
            for hole in substitutions(text) {
                *uses.entry(text[hole.range].trim_matches(['$', '{', '}'])).or_default() += 1;
            }
        }
        _ => {}
    }
    node.children().into_iter().for_each(|child| count_uses(child, uses));
}
