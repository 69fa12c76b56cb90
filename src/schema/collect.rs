//! What every schema needs on its way through a tree: the path, the places found, and descending by keys.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use super::claim::Claim;
use super::names::{Name, name_of};
use super::text::{arms, may_name_image, passes_on, push_key, reads_like_reference, reference_within, same_key};
use super::{
    Added, Around, Caution, Certainty, CustomPlace, Followed, Form, Kustomization, Site, SiteKind, Sites, Stack,
};
use crate::destination::Notation;
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Entry, Hole, HoleKind, Kind, Language, Node, Placement, Scalar};

/// The sites found so far, and the way to where the search is.
#[derive(Debug, Default)]
pub(super) struct Collector {
    /// What kind of document is searched.
    pub(super) kind: SiteKind,
    /// What keeps all images where the search is.
    pub(super) caution: Option<Caution>,
    /// The construct of a CDK app that the search is in.
    pub(super) construct: Option<Arc<str>>,
    /// What may be filled in, in the texts that are searched.
    pub(super) form: Form,
    /// The places that the user names.
    places: Vec<CustomPlace>,
    /// The named values of a Terraform module that are images.
    followed: Arc<Followed>,
    /// The templates whose parameters a file may have values for.
    pub(super) around: Around,
    /// What the template makes of its parameters, if it is one.
    pub(super) stack: Option<Stack>,
    path: String,
    sites: Vec<Site>,
    /// The scalars that are accounted for: each is claimed once, by whoever knows it best.
    claimed: HashSet<Vec<Span>>,
    /// What the file replaces in others.
    pub(super) kustomization: Kustomization,
    /// The name by which something finds the image that is claimed.
    pub(super) found_by: Option<String>,
    accounted: Vec<Span>,
    /// The names that the file gives to what is built by it: no images to pull.
    pub(super) built: HashSet<String>,
    /// The texts that the search is inside of, from the file inwards.
    within: Vec<Arc<Placement>>,
    /// For each anchor on a site, the site's index.
    anchored: HashMap<usize, usize>,
    /// The aliases that stand where an image is expected: the anchor, and the site that shows the alias if nothing else does.
    aliases: Vec<(usize, Site)>,
}

/// How deep text may stand in text.
const TEXT_DEPTH_MAX: usize = 4;

impl Collector {
    pub(super) fn new(places: &[CustomPlace], followed: Option<&Arc<Followed>>, around: Around) -> Self {
        let followed = followed.cloned().unwrap_or_default();
        Collector { places: places.to_vec(), followed, around, ..Collector::default() }
    }

    /// Goes on where something else may be filled in.
    pub(super) fn with_form(&mut self, form: Form, search: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.form, form);
        search(self);
        self.form = around;
    }

    /// Goes on below a key.
    pub(super) fn at_key(&mut self, key: &str, search: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        push_key(&mut self.path, key);
        search(self);
        self.path.truncate(length);
    }

    /// Goes on below an element.
    pub(super) fn at_index(&mut self, index: usize, search: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        let _ = write!(self.path, "[{index}]");
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
            Kind::Scalar(scalar) => self.claim(scalar, claim, node.anchor()),
            Kind::Alias(alias) => match alias.anchor.filter(|_| self.within.is_empty()) {
                Some(anchor) => {
                    let text = self.named_elsewhere(alias.written, node.span());
                    // Two ways may lead to one alias.
                    if self.claimed.insert(text.placement().chain()) {
                        let site = self.site(text, claim);
                        self.aliases.push((anchor, site));
                    }
                }
                None => self.unresolved(alias.written, node.span(), claim),
            },
            _ => {}
        }
    }

    /// The definition of a named value: an image where it is used for nothing else, shown where it is. Whatever says
    /// more of it in between claims it first.
    pub(super) fn definition(
        &mut self,
        name: &str,
        node: &Node<'_>,
        claim: Claim,
        search: impl FnOnce(&mut Self, &Node<'_>),
    ) {
        let claim = claim.with_certainty(Certainty::Certain);
        if let (Kind::Scalar(scalar), true) = (&node.kind, self.followed.images.contains(name)) {
            self.claim(scalar, claim, None);
        }
        search(self, node);
        if let (Kind::Scalar(scalar), true) = (&node.kind, self.followed.shared.contains(name)) {
            self.claim(scalar, claim.with_caution(Some(Caution::never(Reason::SharedValue))), None);
        }
    }

    /// The images where the user says that a kind, or a type of resource, has them.
    pub(super) fn custom_places(&mut self, kind: &str, root: &Node<'_>, claim: Claim) {
        if self.places.iter().all(|place| place.kind != kind) {
            return;
        }
        for place in self.places.clone().iter().filter(|place| place.kind == kind) {
            let keys: Vec<&str> = place.path.split('.').collect();
            self.descend(root, &keys, &mut |collector, image| collector.image(image, claim));
        }
    }

    /// A text in which an image is expected, or may stand.
    pub(super) fn claim(&mut self, scalar: &Scalar<'_>, claim: Claim, anchor: Option<usize>) {
        if scalar.value().is_empty() || !self.claimed.insert(scalar.placement().chain()) {
            return;
        }
        if let Some(range) = reference_within(scalar) {
            return self.part(scalar, range, claim, anchor);
        }
        if let Some(arms) = arms(scalar) {
            return arms.into_iter().for_each(|arm| self.part(scalar, arm, claim, anchor));
        }
        let has_host = reads_like_reference(scalar.value());
        let is_built = self.built.contains(scalar.value()).then(|| Caution::never(Reason::BuildOutput));
        let mut claim = claim.with_caution(is_built).with_caution(claim.hostless.filter(|_| !has_host));
        match anchor {
            Some(anchor) if self.within.is_empty() => {
                self.anchored.insert(anchor, self.sites.len());
            }
            // The aliases in a text are not followed.
            Some(_) => claim.caution = Some(Caution::never(Reason::SharedValue)),
            None => {}
        }
        let site = self.site(scalar.clone().into_owned(), claim);
        self.sites.push(site);
    }

    /// A name by which something finds an image: it is none itself.
    pub(super) fn match_key(&mut self, node: &Node<'_>) {
        if let Kind::Scalar(scalar) = &node.kind {
            self.kustomization.names.push(scalar.value().to_owned());
            self.account(scalar);
        }
        self.settle(node);
    }

    /// A text that is no place, and is accounted for.
    pub(super) fn account(&mut self, scalar: &Scalar<'_>) {
        self.accounted.push(scalar.placement().file_span());
    }

    /// What is pulled unless an entry that is not there yet says otherwise.
    pub(super) fn add(&mut self, scalar: &Scalar<'_>, claim: Claim, added: Added) {
        let site = self.site(scalar.clone().into_owned(), claim);
        self.sites.push(Site { added: Some(added), ..site });
    }

    /// A part of a text in which an image is expected.
    pub(super) fn part(&mut self, scalar: &Scalar<'_>, range: Range<usize>, claim: Claim, anchor: Option<usize>) {
        self.claimed.insert(scalar.placement().chain());
        let part = scalar.slice(range);
        // A part whose bytes are not consecutive has the whole text's chain.
        self.claimed.remove(&part.placement().chain());
        self.claim(&part, claim, anchor);
    }

    /// Names of what is built, as far as they are references.
    pub(super) fn outputs(&mut self, node: &Node<'_>, claim: Claim) {
        match &node.kind {
            Kind::Scalar(scalar) if reads_like_reference(scalar.value()) => self.claim(scalar, claim, node.anchor()),
            _ => self.each_child(node, |collector, child| collector.outputs(child, claim)),
        }
    }

    /// A registry and a repository that make one reference.
    pub(super) fn claim_split(&mut self, registry: &Scalar<'_>, repository: &Scalar<'_>, claim: Claim) {
        let is_new = !self.is_settled(repository) && self.claimed.insert(registry.placement().chain());
        if is_new {
            self.claimed.insert(repository.placement().chain());
            let site = self.site(repository.clone().into_owned(), claim);
            self.sites.push(Site { registry: Some(registry.clone().into_owned()), ..site });
        }
    }

    fn site(&self, scalar: Scalar<'static>, claim: Claim) -> Site {
        let around = Claim { caution: self.caution, ..claim };
        let Claim { kind, certainty, caution, limit, credentials, .. } = around.with_caution(claim.caution);
        Site {
            kind,
            place: self.path.clone(),
            scalar,
            registry: None,
            certainty,
            caution,
            limit,
            added: None,
            match_key: self.found_by.clone(),
            form: self.form.clone(),
            construct: self.construct.clone(),
            // In a text, bytes are counted from its start.
            credentials: credentials.filter(|_| self.within.is_empty()),
        }
    }

    /// The texts of a node are accounted for: nobody else claims them.
    pub(super) fn settle(&mut self, node: &Node<'_>) {
        if let Kind::Scalar(scalar) = &node.kind {
            self.claimed.insert(scalar.placement().chain());
        }
        node.children().into_iter().for_each(|child| self.settle(child));
    }

    /// Whether a text is accounted for.
    pub(super) fn is_settled(&self, scalar: &Scalar<'_>) -> bool {
        self.claimed.contains(&scalar.placement().chain())
    }

    /// An image is expected, and the file names a value that is defined elsewhere.
    pub(super) fn unresolved(&mut self, text: &str, span: Span, claim: Claim) {
        let scalar = self.named_elsewhere(text, span);
        self.claim(&scalar, claim, None);
    }

    fn named_elsewhere(&self, text: &str, span: Span) -> Scalar<'static> {
        let hole = Hole { range: 0..text.len(), kind: HoleKind::Value };
        Scalar::new(text.to_owned(), vec![hole], Placement::unplaced(span, self.within.last().cloned()))
    }

    /// Whether the search is inside a text.
    pub(super) fn is_within_text(&self) -> bool {
        !self.within.is_empty()
    }

    /// Goes on inside a text.
    pub(super) fn inside(&mut self, scalar: &Scalar<'_>, search: impl FnOnce(&mut Self)) {
        self.within.push(Arc::new(scalar.placement().into_owned()));
        search(self);
        self.within.pop();
    }

    /// Follows keys down from a node. `*` is any key, `**` any way down. On the way, lists are followed into each element, a condition into
    /// each of its arms, a `dynamic` block into its content, and a function into its arguments if it passes them on.
    pub(super) fn descend(&mut self, node: &Node<'_>, keys: &[&str], found: &mut dyn FnMut(&mut Self, &Node<'_>)) {
        let Some((key, rest)) = keys.split_first() else { return found(self, node) };
        if *key == "**" {
            self.descend(node, rest, found);
            return self.each_child(node, |collector, child| {
                if matches!(child.kind, Kind::Mapping(_) | Kind::Sequence(_)) {
                    collector.descend(child, keys, found);
                }
            });
        }
        // Elsewhere a key may have such a name.
        let is_pipeline = self.kind.on_request().is_some();
        match &node.kind {
            Kind::Mapping(entries) => {
                if let Some(merged) = node.get("<<").filter(|_| !entries.iter().any(|entry| same_key(&entry.key, key)))
                {
                    self.descend(merged, keys, found);
                }
                for entry in entries {
                    self.at_key(&entry.key, |collector| match entry.key.as_ref() {
                        "Fn::If" if !is_pipeline => collector.descend(&entry.value, keys, found),
                        "dynamic" if *key != "dynamic" && !is_pipeline => {
                            collector.descend(&entry.value, &[&[*key, "content"], rest].concat(), found)
                        }
                        name if *key == "*" || same_key(name, key) => collector.descend(&entry.value, rest, found),
                        _ => {}
                    });
                }
            }
            // What an alias brings in is shown where it is used.
            Kind::Alias(_) if self.kind.on_request().is_some() => {}
            Kind::Alias(alias) => self.unresolved(alias.written, node.span(), Claim::certain(self.kind)),
            Kind::Computed(_) => {}
            Kind::Call(call) if !passes_on(&call.name) => {}
            // A document as text: the way goes on in it.
            Kind::Scalar(scalar) if scalar.value().starts_with(['{', '[']) || scalar.value().contains('\n') => {
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
        let Some(scalar) = node.scalar().filter(|scalar| scalar.value().contains(['{', '[', ':'])) else {
            return false;
        };
        if self.within.len() >= TEXT_DEPTH_MAX {
            return false;
        }
        let scalar = match self.form.notation() {
            Some(Notation::Terraform) => scalar.as_hcl_template(),
            _ => Cow::Borrowed(scalar),
        };
        for language in languages {
            let Ok(documents) = scalar.embedded(*language) else { continue };
            if documents.iter().any(|document| document.scalar().is_none()) {
                self.claimed.insert(scalar.placement().chain());
                self.inside(&scalar, |collector| {
                    documents.iter().for_each(|document| search(collector, document));
                });
                return true;
            }
        }
        false
    }

    /// A text that should hold a document with images, and cannot be read as one before it is rendered.
    pub(super) fn unreadable(&mut self, node: &Node<'_>, claim: Claim) {
        if let Some(scalar) = node.scalar().filter(|scalar| scalar.value().contains("mage")) {
            self.claim(scalar, claim.with_caution(Some(Caution::never(Reason::Template))), node.anchor());
        }
    }

    /// Shows every text of a document that reads like a reference with a host, or is named like an image, and that nobody
    /// has claimed.
    pub(super) fn sweep(&mut self, node: &Node<'_>, kind: SiteKind) {
        let claim = Claim::certain(kind).with_certainty(Certainty::Unknown);
        match &node.kind {
            Kind::Scalar(scalar) if reads_like_reference(scalar.value()) => self.claim(scalar, claim, None),
            Kind::Mapping(entries) => {
                let has_tag = node.get("image").is_some() && node.get("tag").is_some_and(|tag| tag.text().is_some());
                for Entry { key, value } in entries {
                    self.at_key(key, |collector| {
                        if let Name::Image(_) = name_of(key) {
                            let claim = claim.with_certainty(Certainty::Named);
                            let claim = claim.with_caution(Some(Caution::never(Reason::UnknownPlace)));
                            let listed = value.elements().unwrap_or(std::slice::from_ref(value));
                            for scalar in listed.iter().filter_map(Node::scalar) {
                                let may_be_one = may_name_image(scalar.value()) || has_tag;
                                if may_be_one && scalar.expression().is_none() {
                                    collector.claim(scalar, claim, None);
                                }
                            }
                        }
                        collector.sweep(value, kind);
                    });
                }
            }
            _ => self.each_child(node, |collector, child| collector.sweep(child, kind)),
        }
    }

    /// The way to where the search is.
    pub(super) fn place(&self) -> String {
        self.path.clone()
    }

    /// Goes on at a place that was left before.
    pub(super) fn at_place(&mut self, place: &str, search: impl FnOnce(&mut Self)) {
        let here = std::mem::replace(&mut self.path, place.to_owned());
        search(self);
        self.path = here;
    }

    /// The text that a node is, or is filled in with.
    pub(super) fn text<'n, 'a>(&self, node: &'n Node<'a>) -> Option<Cow<'n, Scalar<'a>>> {
        let filled_in = || Scalar::of_reference(node, self.within.last().cloned()).map(Cow::Owned);
        node.scalar().map(Cow::Borrowed).or_else(filled_in)
    }

    /// The sites in the order of the file.
    pub(super) fn finish(mut self, documents: &[Node<'_>]) -> Sites {
        let mut uses = HashMap::new();
        if !self.anchored.is_empty() {
            documents.iter().for_each(|document| count_aliases(document, &mut uses));
        }
        let mut as_images: HashMap<usize, usize> = HashMap::new();
        self.aliases.iter().for_each(|(anchor, _)| *as_images.entry(*anchor).or_default() += 1);
        for (anchor, site) in &self.anchored {
            if uses.get(anchor) > as_images.get(anchor) {
                self.sites[*site].caution = Some(Caution::never(Reason::SharedValue));
            }
        }
        // What is changed at its anchor needs no word at its aliases.
        let unseen = self.aliases.into_iter().filter(|(anchor, _)| !self.anchored.contains_key(anchor));
        self.sites.extend(unseen.map(|(_, site)| site));
        self.sites.sort_by_cached_key(|site| (site.scalar.placement().file_span(), site.scalar.placement().chain()));
        self.sites.shrink_to_fit();
        Sites { sites: self.sites, kustomization: self.kustomization, stack: self.stack, accounted: self.accounted }
    }
}

fn count_aliases(node: &Node<'_>, uses: &mut HashMap<usize, usize>) {
    if let Kind::Alias(alias) = &node.kind
        && let Some(anchor) = alias.anchor
    {
        *uses.entry(anchor).or_default() += 1;
    }
    for child in node.children() {
        count_aliases(child, uses);
    }
}
