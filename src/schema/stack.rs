//! What a template of CloudFormation says elsewhere in it, or in other files: parameters, mappings, and their values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::collect::{Claim, Collector};
use super::intrinsic::{call, substitutions};
use super::names::{Name, name_of};
use super::{Caution, Certainty, SiteKind};
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Entry, Node, Scalar};

/// What a template makes of its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    /// All of them.
    parameters: BTreeSet<String>,
    /// Those that stand where an image is expected: whether they are nothing but images.
    images: BTreeMap<String, bool>,
}

/// The templates among some files, by their paths.
#[derive(Debug, Clone, Default)]
pub struct Stacks(Vec<(String, Stack)>);

impl Stacks {
    /// Of templates with these paths.
    pub fn new(stacks: Vec<(String, Stack)>) -> Self {
        Stacks(stacks)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The templates that a file with values for these parameters belongs to: CloudFormation takes no value for a parameter
    /// that a template does not have. Those in the nearest folder above count.
    fn of(&self, path: &str, keys: &[&str]) -> Vec<&Stack> {
        let takes = |stack: &Stack| keys.iter().all(|key| stack.parameters.contains(*key));
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            let is_below = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let found = self.0.iter().filter(|(path, stack)| is_below(path) && takes(stack));
            let found: Vec<&Stack> = found.map(|(_, stack)| stack).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
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

/// A use of a mapping where an image is expected.
struct LookedUp {
    lookup: Lookup,
    claim: Claim,
    place: String,
    span: Span,
}

/// The three keys of a `Fn::FindInMap`, as far as they are written.
#[derive(Debug, Clone)]
struct Lookup {
    map: Option<String>,
    top: Option<String>,
    key: Option<String>,
}

impl Lookup {
    fn of(arguments: &[Node<'_>]) -> Option<Self> {
        let literal = |node: &Node<'_>| node.text().filter(|_| node.tag.is_none()).map(str::to_owned);
        let [map, top, key, ..] = arguments else { return None };
        Some(Lookup { map: literal(map), top: literal(top), key: literal(key) })
    }

    fn reaches(&self, map: &str, top: &str, key: &str) -> bool {
        let is = |own: &Option<String>, other: &str| own.as_ref().is_none_or(|own| own == other);
        is(&self.map, map) && is(&self.top, top) && is(&self.key, key)
    }
}

/// The values that the images of one template come from.
pub(super) struct Definitions<'n, 'a> {
    parameters: Option<&'n Node<'a>>,
    mappings: Option<&'n Node<'a>>,
    referred: Vec<Referred>,
    looked_up: Vec<LookedUp>,
    /// The uses so far: two ways may lead to one.
    seen: HashSet<Span>,
}

impl<'n, 'a> Definitions<'n, 'a> {
    pub(super) fn of(root: &'n Node<'a>) -> Self {
        let (parameters, mappings) = (root.get("Parameters"), root.get("Mappings"));
        Definitions { parameters, mappings, referred: Vec::new(), looked_up: Vec::new(), seen: HashSet::new() }
    }

    /// Whether there is such a parameter.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.parameters.is_some_and(|all| all.get(name).is_some())
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
        let lookup = Lookup::of(arguments).filter(|lookup| lookup.map.is_some());
        let Some(lookup) = lookup.filter(|lookup| !self.values(lookup).is_empty()) else {
            return collector.unresolved("!FindInMap", span, claim);
        };
        if self.seen.insert(span) {
            self.looked_up.push(LookedUp { lookup, claim, place: collector.place(), span });
        }
    }

    /// The values that a lookup may give, each with its keys.
    fn values(&self, lookup: &Lookup) -> Vec<([&'n str; 3], &'n Node<'a>)> {
        let entries = |node: &'n Node<'a>| node.entries().unwrap_or_default().iter();
        let of_map = self.mappings.into_iter().flat_map(entries);
        let tops = of_map.flat_map(|map| entries(&map.value).map(move |top| (&map.key, top)));
        let all = tops.flat_map(|(map, top)| entries(&top.value).map(move |entry| (map, &top.key, entry)));
        let keyed = all.map(|(map, top, Entry { key, value })| ([map.as_ref(), top.as_ref(), key.as_ref()], value));
        keyed.filter(|([map, top, key], _)| lookup.reaches(map, top, key)).collect()
    }

    /// Claims the values that are images, unless they are used for something else as well; what the parameters are to others.
    pub(super) fn finish(self, collector: &mut Collector, root: &Node<'_>) -> Stack {
        let mut uses = Uses::default();
        if !self.referred.is_empty() || !self.looked_up.is_empty() {
            uses.count(root);
        }
        self.mapped(collector, &uses);
        let mut as_image: BTreeMap<&str, Vec<&Referred>> = BTreeMap::new();
        for referred in &self.referred {
            as_image.entry(&referred.name).or_default().push(referred);
        }
        let mut stack = Stack::default();
        for (name, referred) in as_image {
            let Some(parameter) = self.parameters.and_then(|all| all.get(name)) else { continue };
            let claim = strictest(referred.iter().map(|referred| referred.claim));
            let shared = uses.parameters.get(name).is_some_and(|all| *all > referred.len());
            let claim = claim.with_caution(match shared {
                true => Some(Caution::never(Reason::SharedValue)),
                false => constraint(parameter),
            });
            stack.images.insert(name.to_owned(), claim.caution.is_none());
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
        let parameters = self.parameters.and_then(Node::entries).unwrap_or_default();
        stack.parameters = parameters.iter().map(|entry| entry.key.to_string()).collect();
        stack
    }

    fn mapped(&self, collector: &mut Collector, uses: &Uses<'_>) {
        let mut found: BTreeMap<[&str; 3], (&Node<'_>, Vec<Claim>)> = BTreeMap::new();
        for looked_up in &self.looked_up {
            for (keys, value) in self.values(&looked_up.lookup) {
                found.entry(keys).or_insert((value, Vec::new())).1.push(looked_up.claim);
            }
        }
        let mut shared = BTreeSet::new();
        for ([map, top, key], (value, claims)) in found {
            let all = uses.lookups.iter().filter(|lookup| lookup.reaches(map, top, key)).count();
            let is_shared = all > claims.len();
            if is_shared {
                shared.insert([map, top, key]);
            }
            let caution = is_shared.then(|| Caution::never(Reason::SharedValue));
            let claim = strictest(claims).with_caution(caution);
            collector.at_place(&format!("Mappings.{map}.{top}.{key}"), |collector| collector.image(value, claim));
        }
        for LookedUp { lookup, claim, place, span } in &self.looked_up {
            if shared.iter().any(|[map, top, key]| lookup.reaches(map, top, key)) {
                collector.at_place(place, |collector| collector.unresolved("!FindInMap", *span, *claim));
            }
        }
    }
}

/// One claim for several uses: whatever keeps one keeps the value.
fn strictest(claims: impl IntoIterator<Item = Claim>) -> Claim {
    let mut claims = claims.into_iter();
    let first = claims.next().unwrap_or(Claim::certain(SiteKind::CloudFormation));
    claims.fold(first, |strictest, claim| Claim {
        limit: strictest.limit.or(claim.limit),
        ..strictest.with_caution(strictest.caution.or(claim.caution)).with_caution(claim.caution)
    })
}

/// What a parameter asks of its value: a new default may not pass it, or mean something else.
fn constraint(parameter: &Node<'_>) -> Option<Caution> {
    let constrained = ["AllowedValues", "AllowedPattern", "MaxLength"].iter().any(|key| parameter.get(key).is_some());
    let stored = parameter.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::SSM::"));
    (constrained || stored).then(|| Caution::never(Reason::Validated))
}

/// What a template uses, in any intrinsic.
#[derive(Default)]
struct Uses<'n> {
    parameters: HashMap<&'n str, usize>,
    lookups: Vec<Lookup>,
}

impl<'n> Uses<'n> {
    fn count(&mut self, node: &'n Node<'_>) {
        match call(node) {
            Some(("Ref", argument)) => {
                *self.parameters.entry(argument.text().unwrap_or_default()).or_default() += 1;
            }
            Some(("Sub", argument)) => {
                let template = argument.elements().map_or(argument, |elements| elements.first().unwrap_or(argument));
                let text = template.text().unwrap_or_default();
                for hole in substitutions(text) {
                    *self.parameters.entry(text[hole.range].trim_matches(['$', '{', '}'])).or_default() += 1;
                }
            }
            Some(("FindInMap", argument)) => {
                self.lookups.extend(Lookup::of(argument.elements().unwrap_or_default()));
            }
            _ => {}
        }
        node.children().into_iter().for_each(|child| self.count(child));
    }
}

/// A value for a parameter, in a file beside the template.
enum Given<'n, 'a> {
    Whole(&'n Node<'a>),
    Part(&'n Scalar<'a>, Range<usize>),
}

/// The values for the parameters of a template: what `aws cloudformation deploy` and SAM take. What they are for, the
/// template says; without it, those that are named like images are shown.
pub(super) fn parameter_values(collector: &mut Collector, root: &Node<'_>) {
    let mut sets: Vec<(String, Vec<(String, Given<'_, '_>)>)> = Vec::new();
    let listed = |node: &'_ Node<'_>| node.elements().is_some_and(|elements| !elements.is_empty());
    if listed(root) {
        sets.push((String::new(), list(root)));
    } else if root.get("Resources").is_none()
        && let Some(parameters) = root.get("Parameters")
    {
        sets.push(("Parameters".to_owned(), map(parameters)));
    }
    // An environment of SAM has commands, and those have parameters.
    for environment in root.entries().unwrap_or_default() {
        for command in environment.value.entries().unwrap_or_default() {
            let overrides = command.value.get("parameters").and_then(|all| all.get("parameter_overrides"));
            let Some(overrides) = overrides else { continue };
            let place = format!("{}.{}.parameters.parameter_overrides", environment.key, command.key);
            let given = match overrides.scalar() {
                Some(scalar) => pairs(scalar),
                None if overrides.entries().is_some() => map(overrides),
                None => list(overrides),
            };
            sets.push((place, given));
        }
    }
    for (place, given) in sets {
        let keys: Vec<&str> = given.iter().map(|(key, _)| key.as_str()).collect();
        let stacks = collector.around.stacks.of(&collector.around.path, &keys);
        let images: Vec<(Option<bool>, _)> = given
            .iter()
            .map(|(key, value)| {
                let mut as_image = stacks.iter().filter_map(|stack| stack.images.get(key)).copied().peekable();
                // Whatever one of them uses it for otherwise keeps it.
                let is_image = as_image.peek().is_some().then(|| as_image.all(|only| only));
                let everywhere = stacks.iter().all(|stack| stack.images.contains_key(key));
                (is_image.map(|only| only && everywhere), (key, value))
            })
            .collect();
        for (is_image, (key, value)) in images {
            let claim = Claim::certain(SiteKind::CloudFormation);
            let claim = match (is_image, name_of(key)) {
                (Some(true), _) => claim,
                (Some(false), _) => claim.with_caution(Some(Caution::never(Reason::SharedValue))),
                (None, Name::Image(_)) => {
                    let claim = claim.with_certainty(Certainty::Named);
                    claim.with_caution(Some(Caution::never(Reason::UnknownPlace)))
                }
                (None, _) => continue,
            };
            collector.at_place(&place, |collector| {
                collector.at_key(key, |collector| match value {
                    Given::Whole(node) => collector.image(node, claim),
                    Given::Part(scalar, range) => collector.part(scalar, range.clone(), claim, None),
                });
            });
        }
    }
}

/// `{"WebImage": "nginx:1"}`
fn map<'n, 'a>(node: &'n Node<'a>) -> Vec<(String, Given<'n, 'a>)> {
    let entries = node.entries().unwrap_or_default().iter();
    entries.map(|entry| (entry.key.to_string(), Given::Whole(&entry.value))).collect()
}

/// `[{"ParameterKey": "WebImage", "ParameterValue": "nginx:1"}]`, `["WebImage=nginx:1"]`
fn list<'n, 'a>(node: &'n Node<'a>) -> Vec<(String, Given<'n, 'a>)> {
    let mut given = Vec::new();
    for element in node.elements().unwrap_or_default() {
        match (element.get("ParameterKey").and_then(Node::text), element.get("ParameterValue"), element.scalar()) {
            (Some(key), Some(value), _) => given.push((key.to_owned(), Given::Whole(value))),
            (.., Some(scalar)) => given.extend(pairs(scalar)),
            _ => {}
        }
    }
    given
}

/// `WebImage=nginx:1 "Title=a b" Other="c"`, `ParameterKey=WebImage,ParameterValue=nginx:1`
fn pairs<'n, 'a>(scalar: &'n Scalar<'a>) -> Vec<(String, Given<'n, 'a>)> {
    let text = scalar.value.as_ref();
    let mut given = Vec::new();
    for word in words(text) {
        let Some(equals) = text[word.clone()].find('=') else { continue };
        let key = text[word.start..word.start + equals].trim_matches(['"', '\'']);
        let (key, value) = match key {
            "ParameterKey" => {
                let Some((key, _)) = text[word.start + equals + 1..word.end].split_once(",ParameterValue=") else {
                    continue;
                };
                (key, word.start + equals + 1 + key.len() + ",ParameterValue=".len())
            }
            _ => (key, word.start + equals + 1),
        };
        let raw = &text[value..word.end];
        let lead = raw.len() - raw.trim_start_matches(['"', '\'']).len();
        let range = value + lead..value + raw.trim_end_matches(['"', '\'']).len().max(lead);
        given.push((key.trim_matches(['"', '\'']).to_owned(), Given::Part(scalar, range)));
    }
    given
}

/// The words of a text, quotes included; what is in quotes is one word.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if character.is_whitespace() => {
                words.extend(start.take().map(|start| start..at));
                continue;
            }
            _ => {}
        }
        start.get_or_insert(at);
    }
    words.extend(start.map(|start| start..text.len()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_quotes() {
        let text = "A=b  \"C=d e\" F=\"g h\"\nI='j'";
        let found: Vec<&str> = words(text).into_iter().map(|word| &text[word]).collect();
        assert_eq!(found, ["A=b", "\"C=d e\"", "F=\"g h\"", "I='j'"]);
    }

    #[test]
    fn values_belong_to_the_nearest_templates_that_take_them_all() {
        let stack = |names: &[&str]| Stack {
            parameters: names.iter().map(|name| (*name).to_owned()).collect(),
            images: BTreeMap::new(),
        };
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
