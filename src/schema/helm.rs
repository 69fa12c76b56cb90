//! Values of Helm charts: files, texts and settings that a chart makes references of.
//!
//! Charts name their values as they like. Most say `image`, and many keep registry, repository and tag apart.

use super::SiteKind;
use super::collect::{Claim, Collector};
use super::expression::{VALUE, walk};
use super::names::{Name, name_of};
use super::split::pair;
use crate::syntax::Node;

/// Searches a file of values.
pub(super) fn values(collector: &mut Collector, root: &Node<'_>) {
    walk(collector, root, Claim { kind: SiteKind::Helm, ..VALUE });
}

/// Searches values that are set one by one, each a mapping of a name and a value: `image.repository`.
pub(super) fn settings(collector: &mut Collector, settings: &[&Node<'_>]) {
    let value = |name: &str| {
        let of_name = settings.iter().find(|setting| setting.get("name").and_then(Node::text) == Some(name));
        of_name.and_then(|setting| setting.get("value"))
    };
    for setting in settings {
        let Some(name) = setting.get("name").and_then(Node::text) else { continue };
        let Some(set) = setting.get("value") else { continue };
        let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
        if last == "repository"
            && let Some(registry) = value(&format!("{parent}.registry")).and_then(Node::scalar)
            && let Some(repository) = set.scalar()
        {
            pair(collector, registry, repository, VALUE);
        }
        if let Name::Image(certainty) = name_of(last) {
            collector.at_key("value", |collector| walk(collector, set, VALUE.with_certainty(certainty)));
        }
    }
}
