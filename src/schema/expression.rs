//! Expressions of Terraform: what they may give, as far as that is written in them.
//!
//! The name of a value may say that it is an image; a function may pass on what it is given, or hold it against something.

use super::claim::{Claim, Names};
use super::collect::Collector;
use super::names::{Name, name_of};
use super::text::{begins_with_hole, passes_on, reads_like_reference, same_key};
use super::{Caution, Certainty, SiteKind, ecs, kubernetes, split};
use crate::reason::Reason;
use crate::syntax::{Entry, Kind, Language, Node};

/// What is known of a value of which nothing is known.
pub(super) const VALUE: Claim = Claim {
    kind: SiteKind::Terraform,
    certainty: Certainty::Value,
    caution: None,
    limit: None,
    names: Names::Trusted,
    hostless: None,
    credentials: None,
};

/// Each entry of a mapping, or of the mappings in a list: JSON syntax allows both for blocks.
pub(super) fn each_entry(
    collector: &mut Collector,
    node: &Node<'_>,
    search: &mut dyn FnMut(&mut Collector, &str, &Node<'_>),
) {
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

/// A key and its value, in any mapping.
pub(super) fn entry(collector: &mut Collector, key: &str, value: &Node<'_>, claim: Claim) {
    let inherited = if claim.certainty == Certainty::Certain { Certainty::Named } else { claim.certainty };
    let claim = claim.with_certainty(inherited);
    let name = match (claim.names, name_of(key)) {
        (Names::Ignored, Name::Image(_) | Name::Containers | Name::Values) => Name::Nothing,
        (_, name) => name,
    };
    match name {
        Name::Upstream => {}
        Name::Remark => walk(collector, value, unknown(claim)),
        Name::Chart => walk(collector, value, claim.with_caution(Some(Caution::never(Reason::Chart)))),
        Name::Built => walk(collector, value, claim.with_caution(Some(Caution::never(Reason::BuildOutput)))),
        Name::Environment => {
            // How a service pulls its own image says nothing of what a program in it pulls.
            let own = |caution: &Caution| !matches!(caution.reason, Reason::NoPullThrough | Reason::NeedsMore);
            let claim = Claim { caution: claim.caution.filter(own), ..claim.with_certainty(Certainty::Value) };
            walk(collector, value, claim.with_caution(Some(Caution::on_request(Reason::NeedsLogin))));
        }
        Name::Image(certainty) => walk(collector, value, claim.with_certainty(certainty.max(inherited))),
        Name::Containers => {
            let certain = Claim { limit: Some(ecs::IMAGE_MAX), ..claim.with_certainty(Certainty::Certain) };
            containers(collector, value, "image", certain, &mut |collector, container| {
                image_of(collector, container, "image", certain.with_credentials(ecs::pull_credentials(container)));
            });
            walk(collector, value, claim);
        }
        Name::Values => {
            chart_values(collector, value, VALUE);
            walk(collector, value, claim);
        }
        Name::Nothing => walk(collector, value, claim),
    }
    // The resource does not say what it is; a tag does.
    if let (Names::Ignored, Name::Image(_), Some(text)) = (claim.names, name_of(key), value.text())
        && text.contains([':', '@'])
        && !text.contains(|c: char| c.is_whitespace() || c == '$')
    {
        walk(collector, value, Claim { certainty: Certainty::Named, ..unknown(claim) });
    }
}

/// The mappings with an image in a value: one, a list, a map, or text that holds one of these.
pub(super) fn containers(
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
        Kind::Call(own) if !passes_on(&own.name) => {}
        _ => collector.each_child(node, |collector, child| containers(collector, child, key, claim, found)),
    }
}

/// The images under a key of a container.
pub(super) fn image_of(collector: &mut Collector, container: &Node<'_>, key: &str, claim: Claim) {
    collector.descend(container, &[key], &mut |collector, image| walk(collector, image, claim));
}

/// Searches an expression for what it may give.
pub(super) fn walk(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    match &node.kind {
        Kind::Scalar(scalar) => {
            if let Some(expression) = scalar.expression() {
                collector.inside(scalar, |collector| walk(collector, &expression, claim));
            } else if scalar.value().contains('\n') {
                document_as_text(collector, node, claim);
            } else if is_digest(scalar.value()) {
                // The digest of an image, beside its name.
            } else if claim.certainty >= Certainty::Named
                || reads_like_reference(scalar.value())
                || begins_with_hole(scalar)
            {
                collector.claim(scalar, claim, node.anchor());
            }
        }
        Kind::Mapping(_) => {
            let claim = claim.with_caution(split::overriding(node));
            split::repository(collector, node, claim.with_certainty(Certainty::Value.min(claim.certainty)));
            let beside = split::registry_beside(node).then(|| Caution::never(Reason::Incomplete));
            let claim = Claim { hostless: beside.or(claim.hostless), ..claim };
            each_entry(collector, node, &mut |collector, key, value| entry(collector, key, value, claim))
        }
        Kind::Sequence(_) | Kind::Choice(_) => {
            collector.each_child(node, |collector, child| walk(collector, child, claim));
        }
        Kind::Call(own) => call(collector, node, &own.name, &own.arguments, claim),
        Kind::Reference(text) if claim.certainty == Certainty::Certain => {
            collector.unresolved(text, node.span(), claim)
        }
        Kind::Computed(operands) => {
            let claim = unknown(claim);
            operands.iter().for_each(|operand| walk(collector, operand, claim));
        }
        Kind::Alias(alias) if claim.certainty == Certainty::Certain => {
            collector.unresolved(alias.written, node.span(), claim);
        }
        Kind::Reference(_) | Kind::Alias(_) => {}
    }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The same claim where nobody says what becomes of the value: what is named like an image is shown, and stays.
pub(super) fn unknown(claim: Claim) -> Claim {
    let reason = claim.caution.map_or(Reason::UnknownPlace, |caution| caution.reason);
    claim.with_certainty(Certainty::Unknown).with_caution(Some(Caution::never(reason)))
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

/// What a function gives of its arguments.
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
            if claim.certainty >= Certainty::Named {
                collector.unresolved("join(…)", node.span(), claim);
            }
            arguments.iter().for_each(|argument| walk(collector, argument, value));
        }
        _ => {
            if claim.certainty == Certainty::Certain {
                collector.unresolved(&format!("{function}(…)"), node.span(), claim);
            }
            let claim = unknown(claim);
            arguments.iter().for_each(|argument| walk(collector, argument, claim));
        }
    }
}

/// Each text that a value may be.
pub(super) fn texts(collector: &mut Collector, node: &Node<'_>, search: &mut dyn FnMut(&mut Collector, &Node<'_>)) {
    leaves(collector, node, &mut |collector, leaf| {
        if leaf.scalar().is_some() {
            search(collector, leaf);
        }
    });
}

/// Each text and each mapping that a value may be, or that it lists.
pub(super) fn leaves(collector: &mut Collector, node: &Node<'_>, search: &mut dyn FnMut(&mut Collector, &Node<'_>)) {
    match node.kind {
        Kind::Scalar(_) | Kind::Mapping(_) => search(collector, node),
        Kind::Computed(_) => {}
        _ => collector.each_child(node, |collector, child| leaves(collector, child, search)),
    }
}

/// A chart's values as text: YAML.
pub(super) fn chart_values(collector: &mut Collector, values: &Node<'_>, claim: Claim) {
    texts(collector, values, &mut |collector, text| {
        let read = collector.within_text(text, &[Language::Yaml], |collector, document| {
            walk(collector, document, claim);
        });
        if !read && text.text().is_some_and(|text| text.contains('\n')) {
            collector.unreadable(text, VALUE.with_certainty(Certainty::Certain));
        }
    });
}
