//! What a template of CloudFormation makes of its parameters, and which template values in other files are for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::claim::Claim;
use super::collect::Collector;
use super::intrinsic::{call, substituted, substitutions};
use super::mappings::{Lookup, Mappings};
use super::{Caution, SiteKind};
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::Node;

/// What a template makes of its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    parameters: BTreeMap<String, Use>,
}

impl Stack {
    /// Whether a parameter stands where an image is expected.
    pub fn has_images(&self) -> bool {
        self.parameters.values().any(|of_parameter| matches!(of_parameter, Use::Image(_)))
    }
}

/// What a template makes of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// An image.
    Image(Purpose),
    /// The name of a value that is kept elsewhere: what is given is never an image.
    Stored,
    /// Something else.
    Other,
}

/// What a template knows of the image that a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Purpose {
    caution: Option<Caution>,
    limit: Option<usize>,
}

/// The templates among some files, by their paths.
#[derive(Debug, Clone, Default)]
pub struct Stacks {
    paths: Vec<String>,
    /// For each parameter, the templates that have it, in order, and what they make of it.
    by_parameter: HashMap<String, Vec<(usize, Use)>>,
}

impl Stacks {
    /// Of templates with these paths.
    pub fn new(stacks: Vec<(String, Stack)>) -> Self {
        let mut all = Stacks::default();
        for (index, (path, stack)) in stacks.into_iter().enumerate() {
            all.paths.push(path);
            for (name, of_parameter) in stack.parameters {
                all.by_parameter.entry(name).or_default().push((index, of_parameter));
            }
        }
        all
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// The templates that a file with values for these parameters belongs to: CloudFormation takes no value for a parameter
    /// that a template does not have. Those in the nearest folder above count.
    pub(super) fn of(&self, path: &str, keys: &[&str]) -> Vec<usize> {
        let mut taking: Vec<&[(usize, Use)]> = Vec::new();
        for key in keys {
            let Some(all) = self.by_parameter.get(*key) else { return Vec::new() };
            taking.push(all);
        }
        taking.sort_by_key(|all| all.len());
        let Some((fewest, others)) = taking.split_first() else { return Vec::new() };
        let mut takes: Vec<usize> = fewest.iter().map(|(index, _)| *index).collect();
        for all in others {
            takes = among(all, &takes).map(|(index, _)| *index).collect();
        }
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            let is_below =
                |index: &usize| self.paths[*index].strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let found: Vec<usize> = takes.iter().copied().filter(is_below).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// What these templates make of a parameter: whatever one of them keeps stays.
    pub(super) fn use_of(&self, name: &str, stacks: &[usize]) -> Use {
        let all = self.by_parameter.get(name).map_or(&[][..], Vec::as_slice);
        let (mut purposes, mut stored, mut others) = (Vec::new(), 0, 0);
        for (_, of_parameter) in among(all, stacks) {
            match of_parameter {
                // Most say the same.
                Use::Image(purpose) if purposes.last() != Some(purpose) => purposes.push(*purpose),
                Use::Image(_) => {}
                Use::Stored => stored += 1,
                Use::Other => others += 1,
            }
        }
        if purposes.is_empty() {
            return if stored > 0 && others == 0 { Use::Stored } else { Use::Other };
        }
        let shared = (stored + others > 0).then(|| Caution::never(Reason::SharedValue));
        let claim = Claim::strictest(purposes.into_iter().map(Purpose::claim));
        Use::Image(Purpose::of(claim.with_caution(shared)))
    }
}

/// What of a list is of these templates; both are in order.
fn among<'s>(all: &'s [(usize, Use)], stacks: &'s [usize]) -> impl Iterator<Item = &'s (usize, Use)> {
    let mut stacks = stacks.iter().peekable();
    all.iter().filter(move |(index, _)| {
        while stacks.next_if(|stack| *stack < index).is_some() {}
        stacks.peek() == Some(&index)
    })
}

impl Purpose {
    fn of(claim: Claim) -> Self {
        Purpose { caution: claim.caution, limit: claim.limit }
    }

    /// What it means for a value.
    pub(super) fn claim(self) -> Claim {
        let claim = Claim { limit: self.limit, ..Claim::certain(SiteKind::CloudFormation) };
        claim.with_caution(self.caution)
    }
}

/// The templates around a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    /// The file's path, as those of the templates are.
    pub(crate) path: String,
    /// All templates.
    pub(crate) stacks: Arc<Stacks>,
}

/// A use of a parameter where an image is expected.
struct Referred {
    name: String,
    claim: Claim,
    place: String,
    span: Span,
}

/// The values that the images of one template come from.
pub(super) struct Definitions<'n, 'a> {
    parameters: HashMap<&'n str, &'n Node<'a>>,
    mappings: Mappings<'n, 'a>,
    referred: Vec<Referred>,
    /// The uses so far: two ways may lead to one.
    seen: HashSet<Span>,
}

impl<'n, 'a> Definitions<'n, 'a> {
    pub(super) fn of(root: &'n Node<'a>) -> Self {
        let mappings = Mappings::of(root.get("Mappings"));
        let parameters = root.get("Parameters").and_then(Node::entries).unwrap_or_default().iter();
        // Of two with one name the first, as everywhere.
        let parameters = parameters.rev().map(|entry| (entry.key.as_ref(), &entry.value)).collect();
        Definitions { parameters, mappings, referred: Vec::new(), seen: HashSet::new() }
    }

    /// Whether there is such a parameter.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.parameters.contains_key(name)
    }

    /// An image is expected where a parameter stands.
    pub(super) fn refer(&mut self, collector: &mut Collector, name: &str, span: Span, claim: Claim) {
        if !self.has_parameter(name) {
            return collector.unresolved(&format!("!Ref {name}"), span, claim);
        }
        if self.seen.insert(span) {
            self.referred.push(Referred { name: name.to_owned(), claim, place: collector.place(), span });
        }
    }

    /// An image is expected where a mapping is looked up.
    pub(super) fn look_up(&mut self, collector: &mut Collector, arguments: &[Node<'_>], span: Span, claim: Claim) {
        let Some(lookup) = Lookup::of(arguments).filter(Lookup::has_map) else {
            return collector.unresolved("!FindInMap", span, claim);
        };
        if self.seen.insert(span) {
            self.mappings.look_up(collector, lookup.into_owned(), span, claim);
        }
    }

    /// Claims the values that are images, unless they are used for something else as well; what the parameters are to others.
    pub(super) fn finish(self, collector: &mut Collector, root: &Node<'_>) -> Stack {
        let mut uses = Uses::default();
        if !self.referred.is_empty() || self.mappings.is_looked_up() {
            uses.count(root);
        }
        self.mappings.finish(collector, &uses.lookups);
        let mut as_image: BTreeMap<&str, Vec<&Referred>> = BTreeMap::new();
        for referred in &self.referred {
            as_image.entry(&referred.name).or_default().push(referred);
        }
        let of_parameter = |parameter: &Node<'_>| if is_stored(parameter) { Use::Stored } else { Use::Other };
        let all = self.parameters.iter().map(|(name, parameter)| ((*name).to_owned(), of_parameter(parameter)));
        let mut stack = Stack { parameters: all.collect() };
        for (name, referred) in as_image {
            let Some(parameter) = self.parameters.get(name) else { continue };
            let claim = Claim::strictest(referred.iter().map(|referred| referred.claim));
            let shared = uses.parameters.get(name).is_some_and(|all| *all > referred.len());
            let claim = claim.with_caution(match shared {
                true => Some(Caution::never(Reason::SharedValue)),
                false => constraint(parameter),
            });
            if let Some(of_parameter) = stack.parameters.get_mut(name).filter(|own| **own == Use::Other) {
                *of_parameter = Use::Image(Purpose::of(claim));
            }
            let default =
                parameter.get("Default").filter(|default| default.text().is_some_and(|text| !text.is_empty()));
            if let Some(default) = default {
                collector.at_key("Parameters", |collector| {
                    collector.at_key(name, |collector| {
                        collector.at_key("Default", |collector| collector.image(default, claim));
                    });
                });
            }
            // What is changed where it is defined needs no word where it is used.
            if default.is_none() || shared {
                for referred in referred {
                    collector.at_place(&referred.place, |collector| {
                        collector.unresolved(&format!("!Ref {name}"), referred.span, referred.claim);
                    });
                }
            }
        }
        stack
    }
}

/// What a parameter asks of its value: a new default may not pass it, or mean something else.
fn constraint(parameter: &Node<'_>) -> Option<Caution> {
    let constrained = ["AllowedValues", "AllowedPattern", "MaxLength"].iter().any(|key| parameter.get(key).is_some());
    (constrained || is_stored(parameter)).then(|| Caution::never(Reason::Validated))
}

/// Whether a parameter is the name of one that Systems Manager keeps.
fn is_stored(parameter: &Node<'_>) -> bool {
    parameter.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::SSM::"))
}

/// What a template uses, in any intrinsic.
#[derive(Default)]
struct Uses<'n> {
    parameters: HashMap<&'n str, usize>,
    lookups: HashMap<Lookup<'n>, usize>,
}

impl<'n> Uses<'n> {
    fn count(&mut self, node: &'n Node<'_>) {
        match call(node) {
            Some(("Ref", argument)) => {
                *self.parameters.entry(argument.text().unwrap_or_default()).or_default() += 1;
            }
            Some(("Sub", argument)) => {
                let (template, own) = substituted(argument);
                let text = template.text().unwrap_or_default();
                for hole in substitutions(text) {
                    let name = text[hole.range].trim_matches(['$', '{', '}']);
                    // What the function itself says for a name goes before a parameter.
                    if own.is_none_or(|own| own.get(name).is_none()) {
                        *self.parameters.entry(name).or_default() += 1;
                    }
                }
            }
            Some(("FindInMap", argument)) => {
                if let Some(lookup) = Lookup::of(argument.elements().unwrap_or_default()) {
                    *self.lookups.entry(lookup).or_default() += 1;
                }
            }
            _ => {}
        }
        node.children().into_iter().for_each(|child| self.count(child));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_belong_to_the_nearest_templates_that_take_them_all() {
        let stack =
            |names: &[&str]| Stack { parameters: names.iter().map(|name| ((*name).to_owned(), Use::Other)).collect() };
        let stacks = Stacks::new(vec![
            ("/r/shop/template.yaml".into(), stack(&["Web", "Env"])),
            ("/r/shop/jobs/template.yaml".into(), stack(&["Web"])),
            ("/r/other/template.yaml".into(), stack(&["Web", "Env"])),
        ]);
        let count = |path: &str, keys: &[&str]| stacks.of(path, keys).len();
        assert_eq!(count("/r/shop/params/prod.json", &["Web", "Env"]), 1);
        assert_eq!(count("/r/shop/jobs/params.json", &["Web"]), 1);
        assert_eq!(count("/r/shop/prod.json", &["Web"]), 2);
        assert_eq!(count("/r/params/prod.json", &["Web", "Env"]), 2);
        assert_eq!(count("/r/shop/prod.json", &["Web", "Unknown"]), 0);
    }
}
