//! The `Mappings` of a CloudFormation template: which of their values are images.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::Caution;
use super::claim::Claim;
use super::collect::Collector;
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Entry, Node};

/// The three keys of a `Fn::FindInMap`, as far as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Lookup<'n>([Option<Cow<'n, str>>; 3]);

impl<'n> Lookup<'n> {
    pub(super) fn of(arguments: &'n [Node<'_>]) -> Option<Self> {
        let literal = |node: &'n Node<'_>| node.text().filter(|_| node.tag().is_none()).map(Cow::Borrowed);
        let [map, top, key, ..] = arguments else { return None };
        Some(Lookup([literal(map), literal(top), literal(key)]))
    }

    /// Whether the mapping's name is written.
    pub(super) fn has_map(&self) -> bool {
        self.0[0].is_some()
    }

    pub(super) fn into_owned(self) -> Lookup<'static> {
        Lookup(self.0.map(|key| key.map(|key| Cow::Owned(key.into_owned()))))
    }

    /// Every lookup that may give the value with these keys: each of them is written or not.
    fn reaching(keys: [&'n str; 3]) -> impl Iterator<Item = Self> {
        (0..8).map(move |written| {
            let key = |at: usize| (written >> at & 1 == 1).then_some(Cow::Borrowed(keys[at]));
            Lookup([key(0), key(1), key(2)])
        })
    }
}

/// A use of a mapping where an image is expected.
struct LookedUp {
    claim: Claim,
    place: String,
    span: Span,
    construct: Option<Arc<str>>,
}

/// The mappings of a template, and where they are looked up for images.
pub(super) struct Mappings<'n, 'a> {
    node: Option<&'n Node<'a>>,
    /// Equal lookups give the same values: what is found for one holds for all.
    looked_up: Vec<Vec<LookedUp>>,
    by_lookup: HashMap<Lookup<'static>, usize>,
}

impl<'n, 'a> Mappings<'n, 'a> {
    pub(super) fn of(node: Option<&'n Node<'a>>) -> Self {
        Mappings { node, looked_up: Vec::new(), by_lookup: HashMap::new() }
    }

    /// An image is expected where a mapping is looked up.
    pub(super) fn look_up(&mut self, collector: &Collector, lookup: Lookup<'static>, span: Span, claim: Claim) {
        let construct = collector.construct.clone();
        let group = *self.by_lookup.entry(lookup).or_insert(self.looked_up.len());
        if group == self.looked_up.len() {
            self.looked_up.push(Vec::new());
        }
        self.looked_up[group].push(LookedUp { claim, place: collector.place(), span, construct });
    }

    /// Whether one is.
    pub(super) fn is_looked_up(&self) -> bool {
        !self.looked_up.is_empty()
    }

    /// Claims the values that are looked up, unless something else looks them up as well; `all` says how often a lookup
    /// stands anywhere. A lookup that gives none, or one that is shared, is shown where it stands.
    pub(super) fn finish(&self, collector: &mut Collector, all: &HashMap<Lookup<'_>, usize>) {
        if self.looked_up.is_empty() {
            return;
        }
        let claims: Vec<Claim> = self
            .looked_up
            .iter()
            .map(|group| Claim::strictest(group.iter().map(|looked_up| looked_up.claim)))
            .collect();
        let (mut found, mut shared) = (vec![false; claims.len()], vec![false; claims.len()]);
        for ([map, top, key], value) in self.values() {
            let groups: Vec<usize> =
                Lookup::reaching([map, top, key]).filter_map(|lookup| self.by_lookup.get(&lookup).copied()).collect();
            if groups.is_empty() {
                continue;
            }
            let as_image: usize = groups.iter().map(|group| self.looked_up[*group].len()).sum();
            let at_all: usize = Lookup::reaching([map, top, key]).filter_map(|lookup| all.get(&lookup)).sum();
            let is_shared = at_all > as_image;
            for group in &groups {
                found[*group] = true;
                shared[*group] |= is_shared;
            }
            let caution = is_shared.then(|| Caution::never(Reason::SharedValue));
            let claim = Claim::strictest(groups.iter().map(|group| claims[*group])).with_caution(caution);
            collector.at_place(&format!("Mappings.{map}.{top}.{key}"), |collector| collector.image(value, claim));
        }
        let shown = (0..claims.len()).filter(|group| shared[*group] || !found[*group]);
        for LookedUp { claim, place, span, construct } in shown.flat_map(|group| &self.looked_up[group]) {
            collector.construct.clone_from(construct);
            collector.at_place(place, |collector| collector.unresolved("!FindInMap", *span, *claim));
        }
        collector.construct = None;
    }

    /// The values, each with its keys.
    fn values(&self) -> impl Iterator<Item = ([&'n str; 3], &'n Node<'a>)> {
        let entries = |node: &'n Node<'a>| node.entries().unwrap_or_default().iter();
        let maps = self.node.into_iter().flat_map(entries);
        let tops = maps.flat_map(move |map| entries(&map.value).map(move |top| (&map.key, top)));
        let all = tops.flat_map(move |(map, top)| entries(&top.value).map(move |entry| (map, &top.key, entry)));
        all.map(|(map, top, Entry { key, value })| ([map.as_ref(), top.as_ref(), key.as_ref()], value))
    }
}
