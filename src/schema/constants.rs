//! The names that a program gives values, in the same file, and how often it says them.

use std::collections::{BTreeMap, HashMap};

use super::Caution;
use super::claim::Claim;
use super::collect::Collector;
use crate::reason::Reason;
use crate::syntax::{Kind, Node, Scalar};

/// What is told of a value that other files see.
const EXPORTED: &str = "other files see this name, and may use it where no image stands";

/// A name that is given a value.
#[derive(Debug)]
pub(super) struct Constant<'n, 'a> {
    pub(super) value: &'n Node<'a>,
    /// The way to it.
    pub(super) place: String,
    /// Whether others may give it another value.
    pub(super) is_default: bool,
    /// The last name of it, by which its uses are counted.
    name: &'n str,
    is_exported: bool,
    is_field: bool,
    /// How often the program gives a value to a name that is written so.
    definitions: usize,
}

/// The names that a program gives values, by the ways that lead to them.
#[derive(Debug, Default)]
pub(super) struct Constants<'n, 'a> {
    by_way: HashMap<String, Constant<'n, 'a>>,
    /// How often each last name is said; one behind a dot has the dot.
    said: HashMap<&'n str, usize>,
}

impl<'n, 'a> Constants<'n, 'a> {
    /// Gathers them from what a program says, and from the places where it says their names.
    pub(super) fn new(collector: &mut Collector, said: &'n Node<'a>, names: &'n Node<'a>) -> Self {
        let mut constants = Constants::default();
        constants.define(collector, said, None);
        for name in names.children() {
            if let Kind::Reference(text) = name.kind {
                *constants.said.entry(text).or_default() += 1;
            }
        }
        constants
    }

    /// Gathers the names in a part; `class` is the name of what they are in.
    fn define(&mut self, collector: &mut Collector, node: &'n Node<'a>, class: Option<&str>) {
        let class = match &node.kind {
            Kind::Call(call) if call.name == "{" => match call.arguments.first().map(|name| &name.kind) {
                Some(Kind::Reference(name)) => Some(*name),
                _ => class,
            },
            _ => class,
        };
        if let Some((sign, name, value)) = binding(node) {
            // What is set on an object is seen by all who have it.
            let is_exported = sign.starts_with("export") || name.contains('.');
            let is_field = sign.ends_with(".=");
            let is_default = sign == "?=";
            let mut add = |key: String, value: &'n Node<'a>, place: String| {
                let last = name.rsplit('.').next().unwrap_or(name);
                let new = Constant { value, place, is_default, name: last, is_exported, is_field, definitions: 0 };
                self.by_way.entry(key).or_insert(new).definitions += 1;
            };
            collector.at_key(name, |collector| {
                add(name.to_owned(), value, collector.place());
                let owners = ["this", "self", "cls"].into_iter().chain(class).filter(|_| is_field);
                owners.for_each(|owner| add(format!("{owner}.{name}"), value, collector.place()));
                for entry in value.entries().unwrap_or_default() {
                    collector.at_key(&entry.key, |collector| {
                        add(format!("{name}.{}", entry.key), &entry.value, collector.place());
                    });
                }
            });
        }
        each(collector, node, &mut |collector, part| self.define(collector, part, class));
    }

    /// What a name is given, if that is said once, and the way by which it is known.
    pub(super) fn get(&self, name: &str) -> Option<(String, &Constant<'n, 'a>)> {
        let way = plain(name);
        // The text of a member of an enum of Python.
        let short = way.strip_suffix(".value").filter(|short| self.by_way.get(*short).is_some_and(|one| one.is_field));
        let way = short.map(str::to_owned).unwrap_or(way);
        let constant = self.by_way.get(&way).filter(|constant| constant.definitions == 1)?;
        Some((way, constant))
    }

    /// What a node says that is the name of an object or a list, and what keeps the images in it.
    pub(super) fn object(&self, node: &Node<'_>) -> Option<(&Constant<'n, 'a>, Option<Caution>)> {
        let Kind::Reference(name) = node.kind else { return None };
        let (_, constant) = self.get(name)?;
        let is_object = matches!(constant.value.kind, Kind::Mapping(_) | Kind::Sequence(_) | Kind::Choice(_));
        is_object.then(|| (constant, self.caution(constant, 1)))
    }

    /// What keeps a value that is known by a name, of whose uses so many are images.
    fn caution(&self, constant: &Constant<'n, 'a>, as_images: usize) -> Option<Caution> {
        let plain = self.said.get(constant.name).copied().unwrap_or_default();
        let behind_dot = self.said.get(format!(".{}", constant.name).as_str()).copied().filter(|_| constant.is_field);
        // Not every language says the name of a member as a word of its own where it is declared.
        let declared = if constant.is_field { plain.min(1) } else { 1 };
        let times = (plain + behind_dot.unwrap_or_default()).saturating_sub(declared);
        match (times > as_images, constant.is_exported) {
            (true, _) => Some(Caution::never(Reason::SharedValue)),
            (_, true) => Some(Caution { note: Some(EXPORTED), ..Caution::on_request(Reason::SharedValue) }),
            _ => None,
        }
    }

    /// What the names say that stand where an image is expected. One that is also said elsewhere stays.
    pub(super) fn follow(&self, collector: &mut Collector, images: &[(String, Claim)]) {
        let mut as_images: HashMap<&str, usize> = HashMap::new();
        for constant in images.iter().filter_map(|(way, _)| self.by_way.get(way)) {
            *as_images.entry(constant.name).or_default() += 1;
        }
        // A name may stand in several places: the strictest of them holds.
        let mut strictest: BTreeMap<&str, Claim> = BTreeMap::new();
        for (way, claim) in images {
            strictest
                .entry(way)
                .and_modify(|known| {
                    let limit = [known.limit, claim.limit].into_iter().flatten().min();
                    *known = Claim { limit, ..known.with_caution(claim.caution) };
                })
                .or_insert(*claim);
        }
        for (way, claim) in strictest {
            let Some(constant) = self.by_way.get(way) else { continue };
            let caution = self.caution(constant, as_images.get(constant.name).copied().unwrap_or_default());
            collector.at_place(&constant.place, |collector| {
                arms(constant.value, &mut |scalar| collector.claim(scalar, claim.with_caution(caution), None));
            });
        }
    }
}

/// The sign of a name that is given a value, the name, the value.
pub(super) fn binding<'n, 'a>(node: &'n Node<'a>) -> Option<(&'n str, &'n str, &'n Node<'a>)> {
    let Kind::Call(call) = &node.kind else { return None };
    match call.arguments.as_ref() {
        [Node { kind: Kind::Reference(name), .. }, value] if is_sign(&call.name) => Some((&call.name, name, value)),
        _ => None,
    }
}

fn is_sign(name: &str) -> bool {
    ["=", "?=", "export =", ".=", "export .="].contains(&name)
}

/// Goes on in each part of a program, below the names of what it is in.
pub(super) fn each<'n, 'a>(
    collector: &mut Collector,
    node: &'n Node<'a>,
    search: &mut dyn FnMut(&mut Collector, &'n Node<'a>),
) {
    let mut below = |collector: &mut Collector, key: &str, parts: &'n [Node<'a>]| {
        collector.at_key(key, |collector| parts.iter().for_each(|part| search(collector, part)));
    };
    match &node.kind {
        Kind::Call(call) if call.name == "import" => {}
        Kind::Call(call) => match (call.arguments.split_first(), call.name.as_str()) {
            (Some((Node { kind: Kind::Reference(name), .. }, rest)), sign) if sign == "{" || is_sign(sign) => {
                below(collector, name, rest);
            }
            (_, "") => call.arguments.iter().for_each(|part| search(collector, part)),
            _ => below(collector, &call.name, &call.arguments),
        },
        Kind::Mapping(entries) => {
            for entry in entries.iter() {
                collector.at_key(&entry.key, |collector| search(collector, &entry.value));
            }
        }
        Kind::Sequence(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collector.at_index(index, |collector| search(collector, element));
            }
        }
        Kind::Choice(parts) | Kind::Computed(parts) => parts.iter().for_each(|part| search(collector, part)),
        Kind::Scalar(_) | Kind::Alias(..) | Kind::Reference(_) => {}
    }
}

/// The name as it is looked up: `a["b"]`, `a?.b`, `a!.b` and `a.b` on several lines are `a.b`.
fn plain(name: &str) -> String {
    let name = name.replace("?.", ".").replace(".[", "[").replace(['"', '\''], "").replace('[', ".").replace(']', "");
    name.chars().filter(|c| !c.is_whitespace() && *c != '!').collect()
}

/// Whether a value is a text, or one of several.
pub(super) fn is_text(value: &Node<'_>) -> bool {
    match &value.kind {
        Kind::Scalar(_) => true,
        Kind::Choice(arms) => arms.iter().all(is_text),
        _ => false,
    }
}

/// Whether a value is a text, or one of several may be.
pub(super) fn has_text(value: &Node<'_>) -> bool {
    match &value.kind {
        Kind::Scalar(_) => true,
        Kind::Choice(arms) => arms.iter().any(has_text),
        _ => false,
    }
}

/// Each text that a value may be.
fn arms(value: &Node<'_>, found: &mut dyn FnMut(&Scalar<'_>)) {
    match &value.kind {
        Kind::Scalar(scalar) => found(scalar),
        Kind::Choice(all) => all.iter().for_each(|arm| arms(arm, found)),
        _ => {}
    }
}
