//! CloudFormation templates, written by hand or by CDK, in JSON or YAML.
//!
//! A value may be put together by intrinsic functions. What is literal of it is found; what is not is a hole.

use std::borrow::Cow;
use std::collections::HashMap;

use super::collect::{Claim, Collector};
use super::names::{Name, name_of};
use super::places::{CLOUDFORMATION, IMAGE_BUILDER, Place};
use super::{Caution, Certainty, SiteKind, ecs, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Entry, Hole, HoleKind, Kind, Language, Node, Placement, Scalar};

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
            Some(Intrinsic::Text) => match text_of(node) {
                Some(text) => {
                    // An alias of a part would bring the change to where it stands.
                    let shared = has_anchor(node).then(|| Caution::never(Reason::SharedValue));
                    collector.claim(&text, claim.with_caution(shared), None);
                    collector.settle(node);
                }
                None => collector.unresolved("!Sub", node.span, claim),
            },
            Some(Intrinsic::Other(shown)) => collector.unresolved(&shown, node.span, claim),
            None if node.elements().is_some() => {
                collector.each_child(node, |collector, child| self.image(collector, child, claim));
            }
            None => collector.image(node, claim),
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
    let Some(text) = text_of(node) else {
        return collector.each_child(node, kubernetes::manifest);
    };
    let text = Node { span: node.span, tag: None, anchor: node.anchor, kind: Kind::Scalar(text) };
    let read = collector.within_text(&text, &[Language::Json], |collector, document| {
        collector.each_child(document, kubernetes::manifest);
    });
    if !read {
        collector.unreadable(&text, Claim::certain(SiteKind::CloudFormation));
    }
    collector.settle(node);
}

/// The values that CDK hands to a chart: JSON as text.
fn eks_values(collector: &mut Collector, node: &Node<'_>) {
    let Some(text) = text_of(node) else { return };
    let text = Node { span: node.span, tag: None, anchor: node.anchor, kind: Kind::Scalar(text) };
    collector.within_text(&text, &[Language::Json], helm::values);
    collector.settle(node);
}

/// An intrinsic function that gives a value.
enum Intrinsic<'n, 'a> {
    /// One of these.
    If(&'n [Node<'a>]),
    /// A parameter, or a resource's identifier.
    Ref(&'n str),
    /// Text put together: `Fn::Sub`, `Fn::Join`.
    Text,
    /// Any other, as it is written for people.
    Other(String),
}

impl<'n, 'a> Intrinsic<'n, 'a> {
    /// The intrinsic that a node is, in the long form `{"Ref": …}` or the short one `!Ref …`.
    fn of(node: &'n Node<'a>) -> Option<Self> {
        let (name, argument) = call(node)?;
        Some(match name {
            "Ref" => Intrinsic::Ref(argument.text()?),
            "If" => Intrinsic::If(argument.elements()?.get(1..)?),
            "Sub" | "Join" => Intrinsic::Text,
            _ => Intrinsic::Other(format!("!{name}")),
        })
    }
}

/// The name of an intrinsic without `Fn::`, and its argument.
fn call<'n, 'a>(node: &'n Node<'a>) -> Option<(&'n str, &'n Node<'a>)> {
    if let Some(tag) = node.tag.as_deref().and_then(|tag| tag.strip_prefix('!')) {
        return (!tag.is_empty() && !tag.starts_with('!')).then_some((tag, node));
    }
    match node.entries()? {
        [only] if only.key == "Ref" => Some(("Ref", &only.value)),
        [only] => only.key.strip_prefix("Fn::").map(|name| (name, &only.value)),
        _ => None,
    }
}

/// The text that a node is or puts together, with a hole for each value that is not written in it.
fn text_of(node: &Node<'_>) -> Option<Scalar<'static>> {
    match call(node) {
        None => node.scalar().map(|scalar| scalar.clone().into_owned()),
        Some(("Sub", argument)) => {
            let template = argument.elements().map_or(argument, |elements| elements.first().unwrap_or(argument));
            let mut scalar = template.scalar()?.clone().into_owned();
            scalar.holes = substitutions(&scalar.value);
            Some(scalar)
        }
        Some(("Join", argument)) => {
            let [delimiter, parts] = argument.elements()? else { return None };
            let delimiter = delimiter.text()?;
            let texts: Vec<Scalar<'static>> =
                parts.elements()?.iter().map(|part| text_of(part).unwrap_or_else(|| hole(part))).collect();
            let mut joined: Vec<(Option<&Scalar<'_>>, &str)> = Vec::new();
            for (index, text) in texts.iter().enumerate() {
                if index > 0 && !delimiter.is_empty() {
                    joined.push((None, delimiter));
                }
                joined.push((Some(text), &text.value));
            }
            Some(Scalar::concat(&joined, node.span))
        }
        Some(_) => None,
    }
}

/// A value that is not text in the template, as `Fn::Sub` would write it.
fn hole(node: &Node<'_>) -> Scalar<'static> {
    let name = match call(node) {
        Some(("Ref", argument)) => argument.text().unwrap_or("Ref").to_owned(),
        Some((name, _)) => name.to_owned(),
        None => "value".to_owned(),
    };
    let value = format!("${{{name}}}");
    let holes = vec![Hole { range: 0..value.len(), kind: HoleKind::Value }];
    Scalar { value: Cow::Owned(value), holes, placement: Placement::unplaced(node.span, None) }
}

/// The `${Name}` of a `Fn::Sub`; `${!Literal}` is text.
fn substitutions(text: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("${").map(|at| from + at) {
        let end = text[start..].find('}').map_or(text.len(), |at| start + at + 1);
        if !text[start..].starts_with("${!") {
            holes.push(Hole { range: start..end, kind: HoleKind::Value });
        }
        from = end;
    }
    holes
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
