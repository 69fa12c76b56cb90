//! Programs that define infrastructure: apps of the CDK, of cdk8s, of Pulumi.
//!
//! Known functions take images, known constructs have properties that hold them, and whatever is a manifest is one. A name
//! that a program gives a text is followed in the same file.

use std::collections::{BTreeMap, HashMap};

use super::claim::Claim;
use super::collect::Collector;
use super::constructs::{beside, is_of_texts, letters, makes_container, of_construct, of_repository, taken_by};
use super::names::{Name, name_of};
use super::text::{may_name_image, same_key};
use super::{Caution, Certainty, Form, SiteKind, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Kind, Node, Scalar};

/// Keys of lists of containers, and of single ones.
const CONTAINERS: [&str; 6] =
    ["containerDefinitions", "containers", "initContainers", "ephemeralContainers", "sidecars", "container"];

/// Searches a program.
pub(super) fn program(collector: &mut Collector, root: &Node<'_>) {
    let Some([said, names]) = root.elements() else { return };
    collector.kind = SiteKind::Cdk;
    let mut constants = HashMap::new();
    define(collector, said, None, &mut constants);
    let mut program = Program { constants, images: Vec::new() };
    program.walk(collector, said);
    program.follow(collector, names);
    show(collector, said);
}

/// A task definition that gets a container.
#[derive(Debug)]
pub(crate) struct TaskDefinition {
    /// The way to the container.
    pub(crate) place: String,
    /// What it goes by there.
    pub(crate) name: String,
    /// Whether it runs on Fargate, if that is said.
    pub(crate) on_fargate: Option<bool>,
}

/// The task definitions of a program that get containers.
pub(crate) fn task_definitions(root: &Node<'_>) -> Vec<TaskDefinition> {
    let mut collector = Collector::default();
    let (mut constants, mut found) = (HashMap::new(), Vec::new());
    for said in root.elements().into_iter().flat_map(<[Node<'_>]>::first) {
        define(&mut collector, said, None, &mut constants);
        tasks(&mut collector, said, &constants, &mut found);
    }
    found
}

fn tasks<'n, 'a>(
    collector: &mut Collector,
    node: &'n Node<'a>,
    constants: &Constants<'n, 'a>,
    found: &mut Vec<TaskDefinition>,
) {
    if let Kind::Call(call) = &node.kind
        && let Some((name, method)) = call.name.rsplit_once('.')
        && letters(method) == "addcontainer"
        && !name.is_empty()
    {
        let made_by = match constants.get(name).map(|constant| &constant.value.kind) {
            Some(Kind::Call(call)) => letters(&call.name),
            _ => String::new(),
        };
        let on_fargate = match () {
            () if made_by.contains("fargatetaskdefinition") => Some(true),
            () if made_by.contains("ec2taskdefinition") => Some(false),
            () => None,
        };
        let mut place = String::new();
        collector.at_key(&call.name, |collector| place = collector.place());
        found.push(TaskDefinition { place, name: name.to_owned(), on_fargate });
    }
    each(collector, node, &mut |collector, part| tasks(collector, part, constants, found));
}

/// A name that is given a value.
#[derive(Debug)]
struct Constant<'n, 'a> {
    value: &'n Node<'a>,
    /// The last name of it, by which its uses are counted.
    name: &'n str,
    place: String,
    is_exported: bool,
    is_field: bool,
    /// How often the program gives a value to a name that is written so.
    definitions: usize,
}

/// The sign of a name that is given a value, the name, the value.
fn binding<'n, 'a>(node: &'n Node<'a>) -> Option<(&'n str, &'n str, &'n Node<'a>)> {
    let Kind::Call(call) = &node.kind else { return None };
    match (call.arguments.as_ref(), call.name.as_str()) {
        ([name, value], "=" | "export =" | ".=" | "export .=") => match &name.kind {
            Kind::Reference(text) => Some((&call.name, text, value)),
            _ => None,
        },
        _ => None,
    }
}

/// Goes on in each part of a program, below the names of what it is in.
fn each<'n, 'a>(collector: &mut Collector, node: &'n Node<'a>, search: &mut dyn FnMut(&mut Collector, &'n Node<'a>)) {
    let mut below = |collector: &mut Collector, key: &str, parts: &'n [Node<'a>]| {
        collector.at_key(key, |collector| parts.iter().for_each(|part| search(collector, part)));
    };
    match &node.kind {
        Kind::Call(call) if call.name == "import" => {}
        Kind::Call(call) => match (call.arguments.split_first(), call.name.as_str()) {
            (Some((Node { kind: Kind::Reference(name), .. }, rest)), "{" | "=" | "export =" | ".=" | "export .=") => {
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

/// The names that a program gives values, by the ways that lead to them.
type Constants<'n, 'a> = HashMap<String, Constant<'n, 'a>>;

/// Gathers those names; `class` is the name of what they are in.
fn define<'n, 'a>(
    collector: &mut Collector,
    node: &'n Node<'a>,
    class: Option<&str>,
    constants: &mut Constants<'n, 'a>,
) {
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
        let mut add = |key: String, value: &'n Node<'a>, place: String| {
            let last = name.rsplit('.').next().unwrap_or(name);
            let new = Constant { value, name: last, place, is_exported, is_field, definitions: 0 };
            constants.entry(key).or_insert(new).definitions += 1;
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
    each(collector, node, &mut |collector, part| define(collector, part, class, constants));
}

/// A search through a program.
struct Program<'n, 'a> {
    constants: Constants<'n, 'a>,
    /// The names that stand where an image is expected, how often, and what is known of the places.
    images: Vec<(String, Claim)>,
}

impl<'n, 'a> Program<'n, 'a> {
    fn walk(&mut self, collector: &mut Collector, node: &'n Node<'a>) {
        match &node.kind {
            Kind::Call(call) if binding(node).is_none() => self.call(collector, &call.name, &call.arguments),
            Kind::Mapping(entries) => {
                if kubernetes::is_manifest(node) {
                    self.manifest(collector, node);
                }
                for arguments in entries.iter().filter(|entry| same_key(&entry.key, "taskDefinitionArgs")) {
                    let container = arguments.value.get("container");
                    collector.at_key(&arguments.key, |collector| {
                        collector.at_key("container", |collector| {
                            container.into_iter().for_each(|one| self.property(collector, one, Certainty::Certain));
                        });
                    });
                }
                for entry in entries.iter().filter(|entry| CONTAINERS.iter().any(|key| same_key(&entry.key, key))) {
                    // One alone may be anything; a list with such a name is one of containers.
                    let is_list = letters(&entry.key) != "container";
                    let certainty = if is_list { Certainty::Certain } else { Certainty::Named };
                    collector.at_key(&entry.key, |collector| {
                        each_container(&entry.value, &mut |one| self.property(collector, one, certainty));
                    });
                }
            }
            _ => {}
        }
        each(collector, node, &mut |collector, part| self.walk(collector, part));
    }

    /// The images in the arguments of a function.
    fn call(&mut self, collector: &mut Collector, function: &str, arguments: &'n [Node<'a>]) {
        if let Some((scalar, claim)) = of_repository(function, arguments) {
            return collector.with_form(Form::Repository, |collector| collector.claim(&scalar, claim, None));
        }
        if let (Some(claim), Some(image)) = (taken_by(function, arguments), arguments.first()) {
            // `from_registry(name="…")`
            let named = ["name", "imageName"].iter().find_map(|key| image.get(key));
            return self.image(collector, named.unwrap_or(image), claim);
        }
        let mappings = || arguments.iter().filter(|argument| argument.entries().is_some());
        for (keys, claim) in of_construct(function) {
            collector.at_key(function, |collector| {
                mappings().for_each(|properties| self.below(collector, properties, &keys, claim));
            });
        }
        let letters = letters(function);
        if makes_container(function) {
            collector.at_key(function, |collector| {
                mappings().for_each(|one| self.property(collector, one, Certainty::Certain));
            });
        }
        if letters.contains("helm") {
            for values in mappings().filter_map(|properties| properties.get("values")) {
                collector.at_key(function, |collector| {
                    collector.at_key("values", |collector| helm::values(collector, values));
                });
            }
        }
    }

    /// The images below keys of a construct; lists on the way are implied, and so are functions that make their elements.
    fn below(&mut self, collector: &mut Collector, node: &'n Node<'a>, keys: &[&str], claim: Claim) {
        match (&node.kind, keys.split_first()) {
            (_, None) => self.text(collector, node, claim),
            (Kind::Mapping(entries), Some((key, rest))) => {
                let claim = if rest.is_empty() { claim.with_caution(beside(node)) } else { claim };
                for entry in entries.iter().filter(|entry| same_key(&entry.key, key)) {
                    collector.at_key(&entry.key, |collector| self.below(collector, &entry.value, rest, claim));
                }
            }
            (Kind::Sequence(elements), _) => {
                for (index, element) in elements.iter().enumerate() {
                    collector.at_index(index, |collector| self.below(collector, element, keys, claim));
                }
            }
            (Kind::Call(call), _) => {
                call.arguments.iter().for_each(|part| self.below(collector, part, keys, claim));
            }
            (Kind::Choice(arms), _) => arms.iter().for_each(|arm| self.below(collector, arm, keys, claim)),
            _ => {}
        }
    }

    /// A container whose image may be a text.
    fn property(&mut self, collector: &mut Collector, container: &'n Node<'a>, certainty: Certainty) {
        let image = container.entries().and_then(|entries| entries.iter().find(|entry| same_key(&entry.key, "image")));
        if let Some(image) = image {
            collector.at_key(&image.key, |collector| {
                let claim = Claim::certain(SiteKind::Cdk).with_certainty(certainty).with_caution(beside(container));
                // One alone may be anything.
                let caution = (certainty == Certainty::Named).then(|| Caution::on_request(Reason::UnknownPlace));
                self.text(collector, &image.value, claim.with_caution(caution));
            });
        }
    }

    /// Images of a manifest.
    fn manifest(&mut self, collector: &mut Collector, node: &'n Node<'a>) {
        collector.kind = SiteKind::Kubernetes;
        kubernetes::manifest(collector, node);
        collector.kind = SiteKind::Cdk;
    }

    /// Where an image is a text, or something else gives it: only what is a text, or names one, is one.
    fn text(&mut self, collector: &mut Collector, node: &'n Node<'a>, claim: Claim) {
        match &node.kind {
            Kind::Call(call) if !is_of_texts(&call.name) => {}
            Kind::Reference(name) if self.constants.get(&plain(name)).is_some_and(|one| !is_text(one.value)) => {}
            _ => self.image(collector, node, claim),
        }
    }

    /// An image is expected.
    fn image(&mut self, collector: &mut Collector, node: &'n Node<'a>, claim: Claim) {
        match &node.kind {
            Kind::Scalar(scalar) => collector.claim(scalar, claim, None),
            Kind::Choice(arms) => arms.iter().for_each(|arm| self.image(collector, arm, claim)),
            Kind::Call(call) if is_of_texts(&call.name) && !call.arguments.is_empty() => {
                self.image(collector, &call.arguments[0], claim);
            }
            Kind::Reference(name) => {
                let key = plain(name);
                match self.constants.get(&key).filter(|constant| constant.definitions == 1) {
                    Some(constant) if is_text(constant.value) => self.images.push((key, claim)),
                    _ => collector.unresolved(name, node.span(), claim),
                }
            }
            Kind::Call(call) => collector.unresolved(&format!("{}(…)", call.name), node.span(), claim),
            _ => collector.unresolved("(…)", node.span(), claim),
        }
    }

    /// What the names say that stand where an image is expected. One that is also said elsewhere stays.
    fn follow(&mut self, collector: &mut Collector, names: &Node<'_>) {
        let mut said: HashMap<&str, usize> = HashMap::new();
        for name in names.children() {
            if let Kind::Reference(text) = name.kind {
                *said.entry(text).or_default() += 1;
            }
        }
        let mut as_images: HashMap<&str, usize> = HashMap::new();
        let of = |key: &String| self.constants.get(key);
        for constant in self.images.iter().filter_map(|(key, _)| of(key)) {
            *as_images.entry(constant.name).or_default() += 1;
        }
        // A name may stand in several places: the strictest of them holds.
        let mut strictest: BTreeMap<&str, Claim> = BTreeMap::new();
        for (key, claim) in &self.images {
            strictest
                .entry(key)
                .and_modify(|known| {
                    let limit = [known.limit, claim.limit].into_iter().flatten().min();
                    *known = Claim { limit, ..known.with_caution(claim.caution) };
                })
                .or_insert(*claim);
        }
        for (key, claim) in strictest {
            let Some(constant) = self.constants.get(key) else { continue };
            let name = constant.name;
            let plain = said.get(name).copied().unwrap_or_default();
            let behind_dot = if constant.is_field { said.get(format!(".{name}").as_str()).copied() } else { None };
            // Not every language says the name of a member as a word of its own where it is declared.
            let declared = if constant.is_field { plain.min(1) } else { 1 };
            let times = (plain + behind_dot.unwrap_or_default()).saturating_sub(declared);
            let is_shared = times > as_images.get(name).copied().unwrap_or_default();
            let caution = match (is_shared, constant.is_exported) {
                (true, _) => Some(Caution::never(Reason::SharedValue)),
                (_, true) => Some(Caution { note: Some(EXPORTED), ..Caution::on_request(Reason::SharedValue) }),
                _ => None,
            };
            collector.at_place(&constant.place.clone(), |collector| {
                arms(constant.value, &mut |scalar| collector.claim(scalar, claim.with_caution(caution), None));
            });
        }
    }
}

/// What is told of a text that other files see.
const EXPORTED: &str = "other files see this name, and may use it where no image stands";

/// The name as it is looked up: without the space that lines have between its parts.
fn plain(name: &str) -> String {
    name.replace("?.", ".").split_whitespace().collect()
}

/// Whether a value is a text, or one of several.
fn is_text(value: &Node<'_>) -> bool {
    match &value.kind {
        Kind::Scalar(_) => true,
        Kind::Choice(arms) => arms.iter().all(is_text),
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

/// Each container of a list, or the only one.
fn each_container<'n, 'a>(node: &'n Node<'a>, found: &mut dyn FnMut(&'n Node<'a>)) {
    match &node.kind {
        Kind::Mapping(_) => found(node),
        Kind::Sequence(parts) | Kind::Choice(parts) => parts.iter().for_each(|part| each_container(part, found)),
        Kind::Call(call) => call.arguments.iter().for_each(|part| each_container(part, found)),
        _ => {}
    }
}

/// Shows what else reads like a reference, or is named like an image.
fn show(collector: &mut Collector, node: &Node<'_>) {
    match &node.kind {
        Kind::Scalar(_) | Kind::Mapping(_) => return collector.sweep(node, SiteKind::Cdk),
        _ => {}
    }
    if let Some((_, name, value)) = binding(node)
        && let (Name::Image(_), Some(scalar)) = (name_of(name.rsplit('.').next().unwrap_or(name)), value.scalar())
        && may_name_image(scalar.value())
    {
        let claim = Claim::certain(SiteKind::Cdk).with_certainty(Certainty::Named);
        collector.at_key(name, |collector| {
            collector.claim(scalar, claim.with_caution(Some(Caution::never(Reason::UnknownPlace))), None);
        });
    }
    each(collector, node, &mut |collector, part| show(collector, part));
}
