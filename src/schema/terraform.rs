//! Terraform and OpenTofu modules, in HCL or JSON syntax, and the values of their variables.
//!
//! Known arguments of known resources hold images. Elsewhere a name may say so, and a whole text with a registry's host
//! and a path is an image wherever a value stands, unless the place says otherwise.

use super::collect::{Claim, Collector, Names, passes_on, reads_like_reference, same_key};
use super::names::{Name, name_of};
use super::places::{Service, TERRAFORM};
use super::{Caution, Certainty, SiteKind, cloudformation, ecs, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Entry, Kind, Language, Node};

/// Searches a file of a module.
pub(super) fn module(collector: &mut Collector, root: &Node<'_>) {
    each_entry(collector, root, &mut |collector, key, node| match key {
        "resource" | "data" | "ephemeral" => each_entry(collector, node, &mut |collector, resource_type, named| {
            each_entry(collector, named, &mut |collector, _, body| resource(collector, resource_type, body));
        }),
        "module" => each_entry(collector, node, &mut |collector, name, body| module_call(collector, name, body)),
        "variable" => each_entry(collector, node, &mut |collector, name, body| variable(collector, name, body)),
        "locals" => variables(collector, node),
        "output" => walk(collector, node, VALUE),
        _ => walk(collector, node, VALUE.with_certainty(Certainty::Unknown)),
    });
}

/// Searches named values: locals, and the values of variables.
pub(super) fn variables(collector: &mut Collector, root: &Node<'_>) {
    each_entry(collector, root, &mut |collector, key, value| entry(collector, key, value, VALUE));
}

const VALUE: Claim =
    Claim { kind: SiteKind::Terraform, certainty: Certainty::Value, caution: None, limit: None, names: Names::Trusted };

/// Each entry of a mapping, or of the mappings in a list: JSON syntax allows both for blocks.
fn each_entry(collector: &mut Collector, node: &Node<'_>, search: &mut dyn FnMut(&mut Collector, &str, &Node<'_>)) {
    match &node.kind {
        Kind::Mapping(entries) => {
            // `//` is where JSON syntax keeps its comments.
            for Entry { key, value } in entries.iter().filter(|entry| entry.key != "//") {
                collector.at_key(key, |collector| search(collector, key, value));
            }
        }
        Kind::Sequence(_) => collector.each_child(node, |collector, child| each_entry(collector, child, search)),
        _ => {}
    }
}

/// What a type of resource, by the start of its name, makes of any image in it.
const FAMILIES: [(&str, Reason); 28] = [
    ("aws_lambda_", Reason::NoPullThrough),
    ("aws_emrserverless_", Reason::NoPullThrough),
    ("aws_lightsail_", Reason::NoPullThrough),
    ("docker_", Reason::NeedsLogin),
    ("aws_apprunner_", Reason::NeedsMore),
    ("aws_codebuild_", Reason::NeedsMore),
    ("aws_sagemaker_", Reason::NeedsMore),
    ("aws_imagebuilder_", Reason::NeedsMore),
    ("aws_bedrockagentcore_", Reason::NeedsMore),
    ("aws_ecr_", Reason::UnknownPlace),
    ("aws_ecrpublic_", Reason::UnknownPlace),
    ("aws_iam_", Reason::UnknownPlace),
    ("aws_config_", Reason::UnknownPlace),
    ("aws_cloudwatch_event_", Reason::UnknownPlace),
    // Other clouds, which cannot log in to ECR, and tools that push.
    ("google_", Reason::UnknownPlace),
    ("azurerm_", Reason::UnknownPlace),
    ("azapi_", Reason::UnknownPlace),
    ("alicloud_", Reason::UnknownPlace),
    ("oci_", Reason::UnknownPlace),
    ("digitalocean_", Reason::UnknownPlace),
    ("hcloud_", Reason::UnknownPlace),
    ("skopeo", Reason::UnknownPlace),
    ("dockerless_", Reason::UnknownPlace),
    ("ko_", Reason::UnknownPlace),
    ("harbor_", Reason::UnknownPlace),
    ("artifactory_", Reason::UnknownPlace),
    ("argocd_", Reason::UnknownPlace),
    // A program that runs where Terraform does.
    ("external", Reason::NeedsLogin),
];

fn family_caution(resource_type: &str) -> Option<Caution> {
    let reason = FAMILIES.iter().find(|(start, _)| resource_type.starts_with(start))?.1;
    Some(match reason {
        Reason::NeedsMore => Caution::on_request(reason),
        _ => Caution::never(reason),
    })
}

fn resource(collector: &mut Collector, resource_type: &str, body: &Node<'_>) {
    for place in TERRAFORM.iter().filter(|place| place.resource == resource_type) {
        let keys: Vec<&str> = place.path.split('.').collect();
        let Some((last, holder)) = keys.split_last() else { continue };
        let claim = Claim { limit: place.service.limit(), ..VALUE.with_certainty(Certainty::Certain) };
        let claim = claim.with_caution(place.service.caution());
        let pulls = matches!(place.service, Service::Pulls(_));
        collector.descend(body, holder, &mut |collector, node| {
            containers(collector, node, last, claim, &mut |collector, container| {
                let beside = if pulls { ecs::pull_credentials(container) } else { None };
                image_of(collector, container, last, claim.with_caution(beside));
            });
        });
    }
    match resource_type {
        "kubernetes_manifest" => collector.descend(body, &["manifest"], &mut manifests),
        "kubectl_manifest" => collector.descend(body, &["yaml_body"], &mut manifests),
        "helm_release" => helm_values(collector, body),
        "aws_cloudformation_stack" => collector.descend(body, &["template_body"], &mut |collector, template| {
            texts(collector, template, &mut |collector, text| {
                collector.within_text(text, &[Language::Json, Language::Yaml], |collector, document| {
                    if cloudformation::is_template(document) {
                        cloudformation::template(collector, document);
                    }
                });
            });
        }),
        _ if resource_type.starts_with("kubernetes_") => pods(collector, body),
        _ => {}
    }
    if matches!(resource_type, "kubernetes_manifest" | "kubectl_manifest") {
        return walk(collector, body, VALUE.with_certainty(Certainty::Unknown));
    }
    let names = if resource_type == "template_file" { Names::Trusted } else { Names::Ignored };
    walk(collector, body, Claim { names, ..VALUE.with_caution(family_caution(resource_type)) });
}

/// The containers of pods, at any depth of a resource of the Kubernetes provider.
fn pods(collector: &mut Collector, node: &Node<'_>) {
    let claim = VALUE.with_certainty(Certainty::Certain);
    for key in ["container", "init_container"] {
        collector.descend(node, &[key], &mut |collector, container| {
            image_of(collector, container, "image", claim);
        });
    }
    collector.each_child(node, |collector, child| {
        if matches!(child.kind, Kind::Mapping(_) | Kind::Sequence(_)) {
            pods(collector, child);
        }
    });
}

/// Manifests as objects, or as text.
fn manifests(collector: &mut Collector, node: &Node<'_>) {
    let mut found = |collector: &mut Collector, image: &Node<'_>, claim: Claim| walk(collector, image, claim);
    let claim = VALUE.with_certainty(Certainty::Certain);
    if node.scalar().is_some() {
        let read = collector.within_text(node, &[Language::Yaml], |collector, document| {
            if kubernetes::is_manifest(document) {
                kubernetes::containers(collector, document, claim, &mut found);
            }
        });
        if !read {
            collector.unreadable(node, claim);
        }
    } else if node.entries().is_some() {
        if kubernetes::is_manifest(node) {
            kubernetes::containers(collector, node, claim, &mut found);
        }
    } else {
        node.children().into_iter().for_each(|child| manifests(collector, child));
    }
}

/// Each text that a value may be.
fn texts(collector: &mut Collector, node: &Node<'_>, search: &mut dyn FnMut(&mut Collector, &Node<'_>)) {
    leaves(collector, node, &mut |collector, leaf| {
        if leaf.scalar().is_some() {
            search(collector, leaf);
        }
    });
}

/// Each text and each mapping that a value may be, or that it lists.
fn leaves(collector: &mut Collector, node: &Node<'_>, search: &mut dyn FnMut(&mut Collector, &Node<'_>)) {
    match node.kind {
        Kind::Scalar(_) | Kind::Mapping(_) => search(collector, node),
        Kind::Computed(_) => {}
        _ => collector.each_child(node, |collector, child| leaves(collector, child, search)),
    }
}

/// A chart's values as text: YAML.
fn chart_values(collector: &mut Collector, values: &Node<'_>) {
    texts(collector, values, &mut |collector, text| {
        let read = collector.within_text(text, &[Language::Yaml], |collector, document| {
            walk(collector, document, VALUE);
        });
        if !read && text.text().is_some_and(|text| text.contains('\n')) {
            collector.unreadable(text, VALUE.with_certainty(Certainty::Certain));
        }
    });
}

/// The values handed to a chart: as text, as objects, or one by one.
fn helm_values(collector: &mut Collector, release: &Node<'_>) {
    collector.descend(release, &["values"], &mut |collector, values| {
        chart_values(collector, values);
        walk(collector, values, VALUE);
    });
    for key in ["set", "set_list", "set_sensitive"] {
        chart_settings(collector, release, key);
    }
    for key in ["chart", "repository"] {
        let chart = VALUE.with_caution(Some(Caution::never(Reason::Chart)));
        collector.descend(release, &[key], &mut |collector, value| walk(collector, value, chart));
    }
}

/// Values of a chart that are set one by one, each with its name.
fn chart_settings(collector: &mut Collector, release: &Node<'_>, key: &str) {
    collector.descend(release, &[key], &mut |collector, set| {
        leaves(collector, set, &mut |collector, set| {
            let name = set.get("name").and_then(Node::text).unwrap_or_default();
            let last = name.rsplit('.').next().unwrap_or(name);
            if let (Name::Image(certainty), Some(value)) = (name_of(last), set.get("value")) {
                collector.at_key("value", |collector| walk(collector, value, VALUE.with_certainty(certainty)));
            }
        });
    });
}

fn module_call(collector: &mut Collector, name: &str, body: &Node<'_>) {
    let source = body.get("source").and_then(Node::text).unwrap_or_default();
    let packaged = body.get("package_type").and_then(Node::text) == Some("Image");
    let is_lambda = packaged || [name, source].iter().any(|text| text.contains("lambda"));
    walk(collector, body, VALUE.with_caution(is_lambda.then(|| Caution::never(Reason::NoPullThrough))));
}

fn variable(collector: &mut Collector, name: &str, body: &Node<'_>) {
    let validated = body.get("validation").is_some_and(compares_text);
    let claim = VALUE.with_caution(validated.then(|| Caution::on_request(Reason::Validated)));
    each_entry(collector, body, &mut |collector, key, node| match key {
        "default" | "type" => entry(collector, name, node, claim),
        _ => walk(collector, node, claim.with_certainty(Certainty::Unknown)),
    });
}

/// Whether a validation compares with text, a value or a pattern: a new value may not pass it.
fn compares_text(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Mapping(entries) => {
            entries.iter().any(|entry| entry.key != "error_message" && compares_text(&entry.value))
        }
        Kind::Scalar(scalar) => scalar.value.contains(char::is_alphabetic) && !is_word(&scalar.value),
        _ => node.children().into_iter().any(compares_text),
    }
}

fn is_word(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
}

/// A key and its value, in any mapping.
fn entry(collector: &mut Collector, key: &str, value: &Node<'_>, claim: Claim) {
    let inherited = if claim.certainty == Certainty::Certain { Certainty::Named } else { claim.certainty };
    let claim = claim.with_certainty(inherited);
    let name = match (claim.names, name_of(key)) {
        (Names::Ignored, Name::Image(_) | Name::Containers | Name::Values) => Name::Nothing,
        (_, name) => name,
    };
    match name {
        Name::Upstream => {}
        Name::Remark => walk(collector, value, claim.with_certainty(Certainty::Unknown)),
        Name::Chart => walk(collector, value, claim.with_caution(Some(Caution::never(Reason::Chart)))),
        Name::Built => walk(collector, value, claim.with_caution(Some(Caution::never(Reason::BuildOutput)))),
        Name::Environment => {
            let login = Some(Caution::on_request(Reason::NeedsLogin));
            walk(collector, value, claim.with_caution(login).with_certainty(Certainty::Value));
        }
        Name::Image(certainty) => walk(collector, value, claim.with_certainty(certainty.max(inherited))),
        Name::Containers => {
            let certain = Claim { limit: Some(ecs::IMAGE_MAX), ..claim.with_certainty(Certainty::Certain) };
            containers(collector, value, "image", certain, &mut |collector, container| {
                image_of(collector, container, "image", certain.with_caution(ecs::pull_credentials(container)));
            });
            walk(collector, value, claim);
        }
        Name::Values => {
            chart_values(collector, value);
            walk(collector, value, claim);
        }
        Name::Nothing => walk(collector, value, claim),
    }
}

/// The mappings with an image in a value: one, a list, a map, or text that holds one of these.
fn containers(
    collector: &mut Collector,
    node: &Node<'_>,
    key: &str,
    claim: Claim,
    found: &mut dyn FnMut(&mut Collector, &Node<'_>),
) {
    match &node.kind {
        Kind::Mapping(entries) if entries.iter().any(|entry| same_key(&entry.key, key)) => found(collector, node),
        Kind::Computed(_) => {}
        Kind::Scalar(scalar) => {
            if let Some(expression) = scalar.expression() {
                return collector.inside(scalar, |collector| containers(collector, &expression, key, claim, found));
            }
            let read = collector.within_text(node, &[Language::Json], |collector, document| {
                containers(collector, document, key, claim, found);
            });
            if !read {
                collector.unreadable(node, claim);
            }
        }
        Kind::Call(function, _) if !passes_on(function) => {}
        _ => collector.each_child(node, |collector, child| containers(collector, child, key, claim, found)),
    }
}

fn image_of(collector: &mut Collector, container: &Node<'_>, key: &str, claim: Claim) {
    collector.descend(container, &[key], &mut |collector, image| walk(collector, image, claim));
}

/// Searches an expression for what it may give.
fn walk(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    match &node.kind {
        Kind::Scalar(scalar) => {
            if let Some(expression) = scalar.expression() {
                collector.inside(scalar, |collector| walk(collector, &expression, claim));
            } else if scalar.value.contains('\n') {
                document_as_text(collector, node, claim);
            } else if claim.certainty >= Certainty::Named || reads_like_reference(&scalar.value) {
                collector.claim(scalar, claim, node.anchor);
            }
        }
        Kind::Mapping(_) => {
            each_entry(collector, node, &mut |collector, key, value| entry(collector, key, value, claim))
        }
        Kind::Sequence(_) | Kind::Choice(_) => {
            collector.each_child(node, |collector, child| walk(collector, child, claim));
        }
        Kind::Call(function, arguments) => call(collector, node, function, arguments, claim),
        Kind::Reference(text) if claim.certainty == Certainty::Certain => collector.unresolved(text, node.span, claim),
        Kind::Computed(operands) => {
            let claim = claim.with_certainty(Certainty::Unknown);
            operands.iter().for_each(|operand| walk(collector, operand, claim));
        }
        Kind::Reference(_) | Kind::Alias(..) => {}
    }
}

/// A document kept as text where nobody says what becomes of it: its images are shown.
fn document_as_text(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    if node.scalar().is_none_or(|scalar| collector.is_settled(scalar)) {
        return;
    }
    let caution = claim.caution.or(Some(Caution::never(Reason::UnknownPlace)));
    let claim = Claim { caution, ..claim.with_certainty(Certainty::Certain) };
    collector.within_text(node, &[Language::Json, Language::Yaml], |collector, document| {
        if kubernetes::is_manifest(document) {
            kubernetes::containers(collector, document, claim, &mut Collector::image);
        } else {
            ecs::task_definition(collector, document, claim);
        }
        collector.sweep(document, claim.kind);
    });
}

fn call(collector: &mut Collector, node: &Node<'_>, function: &str, arguments: &[Node<'_>], claim: Claim) {
    let value = claim.with_certainty(claim.certainty.min(Certainty::Value));
    match (function, arguments) {
        (name, _) if passes_on(name) => {
            arguments.iter().for_each(|argument| walk(collector, argument, claim));
        }
        ("lookup", [map, _, default]) => {
            walk(collector, map, value);
            walk(collector, default, claim);
        }
        ("lookup", [map, _]) => walk(collector, map, value),
        ("optional", [_, default]) => walk(collector, default, claim),
        ("optional", [inner]) => walk(collector, inner, claim),
        ("format", [template, rest @ ..]) => {
            walk(collector, template, claim);
            rest.iter().for_each(|argument| walk(collector, argument, value));
        }
        ("templatefile", [_, variables]) => walk(collector, variables, Claim { names: Names::Trusted, ..value }),
        ("join", _) => {
            if claim.certainty == Certainty::Certain {
                collector.unresolved("join(…)", node.span, claim);
            }
            arguments.iter().for_each(|argument| walk(collector, argument, value));
        }
        _ => {
            if claim.certainty == Certainty::Certain {
                collector.unresolved(&format!("{function}(…)"), node.span, claim);
            }
            let claim = claim.with_certainty(Certainty::Unknown);
            arguments.iter().for_each(|argument| walk(collector, argument, claim));
        }
    }
}
