//! What every schema needs on its way through a tree: the path, the places found, and descending by keys.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Caution, Certainty, Site, SiteKind};
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Hole, HoleKind, Kind, Language, Node, Placement, Scalar};

/// What a schema knows of a place before it looks at the text there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    pub(super) kind: SiteKind,
    pub(super) certainty: Certainty,
    pub(super) caution: Option<Caution>,
    pub(super) limit: Option<usize>,
    pub(super) names: Names,
}

/// Whether the name of a value may say that it is an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// It may: a variable, a module's input.
    Trusted,
    /// It may not: an argument of a resource, whose meaning is the resource's.
    Ignored,
}

impl Claim {
    pub(super) fn certain(kind: SiteKind) -> Self {
        Claim { kind, certainty: Certainty::Certain, caution: None, limit: None, names: Names::Trusted }
    }

    pub(super) fn with_certainty(self, certainty: Certainty) -> Self {
        Claim { certainty, ..self }
    }

    pub(super) fn with_caution(self, caution: Option<Caution>) -> Self {
        Claim { caution: caution.or(self.caution), ..self }
    }
}

/// The sites found so far, and the way to where the search is.
#[derive(Debug, Default)]
pub(super) struct Collector {
    path: String,
    sites: Vec<Site>,
    /// The files' bytes at which the sites stand: each is claimed once, by whoever knows it best.
    claimed: HashSet<Span>,
    /// For each anchor on a site, the site's index.
    anchored: HashMap<usize, usize>,
    /// For each anchor, how many aliases of it stand where an image is expected.
    image_aliases: HashMap<usize, usize>,
}

impl Collector {
    /// Goes on below a key.
    pub(super) fn at_key(&mut self, key: &str, search: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        search(self);
        self.path.truncate(length);
    }

    /// Goes on below an element.
    pub(super) fn at_index(&mut self, index: usize, search: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        search(self);
        self.path.truncate(length);
    }

    /// Goes on below each child; elements get an index, other expressions none.
    pub(super) fn each_child(&mut self, node: &Node<'_>, mut search: impl FnMut(&mut Self, &Node<'_>)) {
        match &node.kind {
            Kind::Mapping(entries) => {
                for entry in entries {
                    self.at_key(&entry.key, |collector| search(collector, &entry.value));
                }
            }
            Kind::Sequence(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    self.at_index(index, |collector| search(collector, node));
                }
            }
            _ => node.children().into_iter().for_each(|child| search(self, child)),
        }
    }

    /// An image is expected at this node of JSON or YAML.
    pub(super) fn image(&mut self, node: &Node<'_>, claim: Claim) {
        match &node.kind {
            Kind::Scalar(scalar) => self.claim(scalar, claim, node.anchor),
            Kind::Alias(Some(anchor)) => *self.image_aliases.entry(*anchor).or_default() += 1,
            _ => {}
        }
    }

    /// A text in which an image is expected, or may stand.
    pub(super) fn claim(&mut self, scalar: &Scalar<'_>, claim: Claim, anchor: Option<usize>) {
        if scalar.value.is_empty() || !self.claimed.insert(scalar.placement.file_span()) {
            return;
        }
        if let Some(anchor) = anchor {
            self.anchored.insert(anchor, self.sites.len());
        }
        let Claim { kind, certainty, caution, limit, .. } = claim;
        let scalar = scalar.clone().into_owned();
        self.sites.push(Site { kind, place: self.path.clone(), scalar, certainty, caution, limit });
    }

    /// The texts of a node are accounted for: nobody else claims them.
    pub(super) fn settle(&mut self, node: &Node<'_>) {
        if let Kind::Scalar(scalar) = &node.kind {
            self.claimed.insert(scalar.placement.file_span());
        }
        node.children().into_iter().for_each(|child| self.settle(child));
    }

    /// An image is expected, and the file names a value that is defined elsewhere.
    pub(super) fn unresolved(&mut self, text: &str, span: Span, claim: Claim) {
        let scalar = Scalar {
            value: Cow::Borrowed(text),
            holes: vec![Hole { range: 0..text.len(), kind: HoleKind::Value }],
            placement: Placement::unplaced(span),
        };
        self.claim(&scalar, claim, None);
    }

    /// Follows keys down from a node. `*` is any key. On the way, lists are followed into each element, a condition into
    /// each of its arms, a `dynamic` block into its content, and text into the document that it holds.
    pub(super) fn descend(&mut self, node: &Node<'_>, keys: &[&str], found: &mut dyn FnMut(&mut Self, &Node<'_>)) {
        let Some((key, rest)) = keys.split_first() else { return found(self, node) };
        match &node.kind {
            Kind::Mapping(entries) => {
                for entry in entries {
                    self.at_key(&entry.key, |collector| match entry.key.as_ref() {
                        "Fn::If" => collector.descend(&entry.value, keys, found),
                        "dynamic" => collector.descend(&entry.value, &[&[*key, "content"], rest].concat(), found),
                        name if *key == "*" || same_key(name, key) => collector.descend(&entry.value, rest, found),
                        _ => {}
                    });
                }
            }
            Kind::Computed(_) => {}
            Kind::Scalar(_) => {
                self.within_text(node, &[Language::Json, Language::Yaml], |collector, document| {
                    collector.descend(document, keys, found);
                });
            }
            _ => self.each_child(node, |collector, child| collector.descend(child, keys, found)),
        }
    }

    /// Goes on in the documents that a text holds, and says whether it holds a mapping or a list in one of the languages.
    pub(super) fn within_text(
        &mut self,
        node: &Node<'_>,
        languages: &[Language],
        mut search: impl FnMut(&mut Self, &Node<'_>),
    ) -> bool {
        let Some(scalar) = node.scalar().filter(|scalar| scalar.value.contains(['{', '[', ':'])) else { return false };
        for language in languages {
            let Ok(documents) = scalar.embedded(*language) else { continue };
            if documents.iter().any(|document| document.scalar().is_none()) {
                documents.iter().for_each(|document| search(self, document));
                return true;
            }
        }
        false
    }

    /// Shows every text of a document that reads like a reference with a host and that nobody has claimed.
    pub(super) fn sweep(&mut self, node: &Node<'_>, kind: SiteKind) {
        let claim = Claim::certain(kind).with_certainty(Certainty::Unknown);
        match &node.kind {
            Kind::Scalar(scalar) if reads_like_reference(&scalar.value) => self.claim(scalar, claim, None),
            _ => self.each_child(node, |collector, child| collector.sweep(child, kind)),
        }
    }

    /// The sites in the order of the file.
    pub(super) fn finish(mut self, documents: &[Node<'_>]) -> Vec<Site> {
        if !self.anchored.is_empty() {
            let mut uses = HashMap::new();
            documents.iter().for_each(|document| count_aliases(document, &mut uses));
            for (anchor, site) in &self.anchored {
                let all = uses.get(anchor).copied().unwrap_or(0);
                if all > self.image_aliases.get(anchor).copied().unwrap_or(0) {
                    self.sites[*site].caution = Some(Caution::never(Reason::SharedValue));
                }
            }
        }
        self.sites.sort_by_key(|site| site.scalar.placement.file_span());
        self.sites
    }
}

fn count_aliases(node: &Node<'_>, uses: &mut HashMap<usize, usize>) {
    if let Kind::Alias(Some(anchor)) = node.kind {
        *uses.entry(anchor).or_default() += 1;
    }
    for child in node.children() {
        count_aliases(child, uses);
    }
}

/// Whether two keys are one, in the spellings of JSON, CloudFormation and Terraform: `containerDefinitions`,
/// `ContainerDefinitions`, `container_definitions`.
pub(super) fn same_key(one: &str, other: &str) -> bool {
    let letters = |key: &str| -> Vec<u8> {
        key.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
    };
    one == other || (one.len().abs_diff(other.len()) <= 4 && letters(one) == letters(other))
}

/// Whether a text may be a reference with a host: a cheap test, the parser decides.
pub(super) fn reads_like_reference(text: &str) -> bool {
    let text = text.strip_prefix("oci://").unwrap_or(text);
    text.split_once('/').is_some_and(|(host, path)| {
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".:-".contains(&byte);
        host.contains('.') && host.bytes().all(is_host) && !path.is_empty() && !text.contains(char::is_whitespace)
    })
}
