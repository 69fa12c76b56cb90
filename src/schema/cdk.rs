//! Programs that define infrastructure: apps of the CDK, of cdk8s, of Pulumi.
//!
//! Known functions take images, known constructs have properties that hold them, and whatever is a manifest is one. A name
//! that a program gives a value is followed in the same file.

use std::collections::{BTreeMap, HashSet};

use super::claim::Claim;
use super::collect::Collector;
use super::constants::{Constants, Way, binding, each, has_text, is_text};
use super::constructs::{
    adds_containers, asserts, below_path, beside, container_of, elsewhere, gives_image, hands_on, imports, is_function,
    is_nothing, is_of_texts, letters, may_be_chart, of_construct, of_program, of_repository, of_resource, overridden,
    patched, taken_by, takes_image,
};
use super::names::{Name, name_of};
use super::text::{may_name_image, same_key};
use super::{Caution, Certainty, Form, SiteKind, ecs, expression, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Kind, Node};

/// Keys of lists of containers, and of single ones.
const CONTAINERS: [&str; 7] = [
    "containerDefinitions",
    "containers",
    "initContainers",
    "ephemeralContainers",
    "sidecars",
    "containerProperties",
    "container",
];

/// Searches a program.
pub(super) fn program(collector: &mut Collector, root: &Node<'_>) {
    let Some([said, names]) = root.elements() else { return };
    collector.kind = SiteKind::Cdk;
    let constants = Constants::new(collector, said, names);
    let (images, seen) = Default::default();
    let mut program = Program { constants, has_docker: imports(said, &["docker"]), images, seen };
    collector.caution = of_program(said);
    program.walk(collector, said);
    let images: Vec<_> = program.images.into_values().collect();
    program.constants.follow(collector, &images);
    collector.caution = None;
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
    let Some([said, names]) = root.elements() else { return Vec::new() };
    let mut collector = Collector::default();
    let constants = Constants::new(&mut collector, said, names);
    let mut found = Vec::new();
    tasks(&mut collector, said, &constants, &mut found);
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
        let made_by = match constants.get(name, node.span().start).map(|(_, constant)| &constant.value.kind) {
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

/// A search through a program.
struct Program<'n, 'a> {
    constants: Constants<'n, 'a>,
    /// Whether it imports the provider of Docker.
    has_docker: bool,
    /// The ways to the names that stand where an image is expected, and what is known of the places: by where the names are.
    images: BTreeMap<usize, (Way, Claim)>,
    /// The objects that were come to by a name, and what was searched there.
    seen: HashSet<(usize, String)>,
}

/// What is done with an object, and with what keeps the images in it.
type Found<'f, 'n, 'a> = dyn FnMut(&mut Program<'n, 'a>, &mut Collector, &'n Node<'a>, Option<Caution>) + 'f;

impl<'n, 'a> Program<'n, 'a> {
    fn walk(&mut self, collector: &mut Collector, node: &'n Node<'a>) {
        match (&node.kind, binding(node)) {
            // A function that goes by another name here is known by it.
            (_, Some(("=" | ":=", name, Node { kind: Kind::Reference(of), .. })))
                if takes_image(of) && takes_image(self.function(name, node.span().start)) =>
            {
                return;
            }
            (_, Some(_)) => {}
            // What a test asserts of a template is no place of an image.
            (Kind::Call(call), _) if asserts(&call.name) => return,
            (Kind::Call(call), _) if elsewhere(&call.name).is_some_and(|new| collector.caution != Some(new)) => {
                let around = std::mem::replace(&mut collector.caution, elsewhere(&call.name));
                self.walk(collector, node);
                collector.caution = around;
                return;
            }
            (Kind::Call(call), _) if letters(&call.name).ends_with("cfnresource") => {
                return self.resource(collector, &call.arguments);
            }
            (Kind::Call(call), _) => self.call(collector, node, &call.name, &call.arguments),
            (Kind::Mapping(entries), _) => {
                if kubernetes::is_manifest(node) {
                    self.manifest(collector, node);
                }
                for arguments in entries.iter().filter(|entry| same_key(&entry.key, "taskDefinitionArgs")) {
                    let container = arguments.value.get("container");
                    collector.at_key(&arguments.key, |collector| {
                        collector.at_key("container", |collector| {
                            let claim = Claim::certain(SiteKind::Cdk);
                            container.into_iter().for_each(|one| self.containers(collector, one, claim));
                        });
                    });
                }
                for entry in entries.iter().filter(|entry| CONTAINERS.iter().any(|key| same_key(&entry.key, key))) {
                    let certain = Claim::certain(SiteKind::Cdk);
                    // One alone may be anything; a list with such a name is one of containers.
                    let claim = match letters(&entry.key).as_str() {
                        "container" => certain
                            .with_certainty(Certainty::Named)
                            .with_caution(Some(Caution::on_request(Reason::UnknownPlace))),
                        _ => certain,
                    };
                    collector.at_key(&entry.key, |collector| self.containers(collector, &entry.value, claim));
                }
            }
            // What is handed on may get any text.
            (Kind::Reference(name), _) if takes_image(self.function(name, node.span().start)) => {
                collector.unresolved(name, node.span(), Claim::certain(SiteKind::Cdk));
            }
            (Kind::Scalar(scalar), _) if is_function(scalar.value()) => {
                collector.unresolved(scalar.value(), node.span(), Claim::certain(SiteKind::Cdk));
            }
            (Kind::Scalar(_), _) => kubernetes::texts(collector, node),
            _ => {}
        }
        each(collector, node, &mut |collector, part| self.walk(collector, part));
    }

    /// What a function is called where it is defined.
    fn function<'s>(&self, name: &'s str, at: usize) -> &'s str
    where
        'a: 's,
    {
        match self.constants.get(name, at).map(|(_, constant)| &constant.value.kind) {
            Some(Kind::Reference(of)) if takes_image(of) => of,
            _ => name,
        }
    }

    /// The images in the arguments of a function.
    fn call(&mut self, collector: &mut Collector, node: &Node<'a>, name: &'n str, arguments: &'n [Node<'a>]) {
        let function = self.function(name, node.span().start);
        if let Some((scalar, claim)) = of_repository(function, arguments) {
            return collector.with_form(Form::Repository, |collector| collector.claim(&scalar, claim, None));
        }
        if hands_on(function) {
            return collector.unresolved(name, node.span(), Claim::certain(SiteKind::Cdk));
        }
        if let (Some(claim), Some(image)) = (taken_by(function, arguments), arguments.first()) {
            // `from_registry(name="…")`
            let named = ["name", "imageName"].iter().find_map(|key| image.get(key));
            return self.image(collector, named.unwrap_or(image), claim);
        }
        if let Some((path, value)) = overridden(function, arguments) {
            return collector.at_key(&path.join("."), |collector| self.overrides(collector, &path, value));
        }
        if let Some(image) = patched(function, arguments) {
            return self.text(collector, image, Claim::certain(SiteKind::Kubernetes));
        }
        if adds_containers(function) {
            arguments.iter().for_each(|one| self.containers(collector, one, Claim::certain(SiteKind::Cdk)));
        }
        for (keys, claim) in of_construct(function) {
            self.each_properties(collector, function, arguments, &mut |program, collector, properties, caution| {
                program.below(collector, properties, &keys, claim.with_caution(caution));
            });
        }
        if let Some((key, claim)) = container_of(function, self.has_docker) {
            self.each_properties(collector, function, arguments, &mut |program, collector, one, caution| {
                program.property(collector, one, key, claim.with_caution(caution));
            });
        }
        let is_chart = letters(function).contains("helm");
        if is_chart || may_be_chart(function) {
            self.each_properties(collector, function, arguments, &mut |program, collector, properties, caution| {
                let is_meant = is_chart || properties.get("chart").is_some();
                let Some(values) = properties.get("values").filter(|_| is_meant) else { return };
                match program.constants.object(values) {
                    Some((known, more)) => collector.at_place(&known.place, |collector| {
                        helm::values_beside(collector, known.value, caution.or(more));
                    }),
                    None => {
                        collector.at_key("values", |collector| helm::values_beside(collector, values, caution));
                    }
                }
            });
        }
    }

    /// Each object among the arguments of a function: its properties, written there or under a name.
    fn each_properties(
        &mut self,
        collector: &mut Collector,
        function: &str,
        arguments: &'n [Node<'a>],
        found: &mut Found<'_, 'n, 'a>,
    ) {
        for argument in arguments {
            if argument.entries().is_some() {
                collector.at_key(function, |collector| found(self, collector, argument, None));
            } else {
                self.named(collector, argument, function, &mut |program, collector, object, caution| {
                    if object.entries().is_some() {
                        found(program, collector, object, caution);
                    }
                });
            }
        }
    }

    /// The object or the list that a name stands for.
    fn named(&mut self, collector: &mut Collector, name: &'n Node<'a>, search: &str, found: &mut Found<'_, 'n, 'a>) {
        let Some((known, caution)) = self.constants.object(name) else { return };
        let (value, place) = (known.value, known.place.clone());
        // Names may lead to each other in a circle, and to one object on many ways.
        if self.seen.insert((value.span().start, search.to_owned())) {
            collector.at_place(&place, |collector| found(self, collector, value, caution));
        }
    }

    /// The images in a resource of CloudFormation of any type.
    fn resource(&mut self, collector: &mut Collector, arguments: &'n [Node<'a>]) {
        for node in arguments {
            let kind = node.get("type").and_then(Node::text).unwrap_or_default();
            let Some(properties) = node.get("properties") else { continue };
            collector.at_key("properties", |collector| {
                for (keys, claim) in of_resource(kind) {
                    self.below(collector, properties, &keys, claim);
                }
            });
        }
    }

    /// What is set in place of what a construct of CloudFormation has at a path.
    fn overrides(&mut self, collector: &mut Collector, path: &[&str], value: &'n Node<'a>) {
        let ways = below_path(path);
        ways.iter().for_each(|(keys, claim)| self.below(collector, value, keys, *claim));
        // The construct may be one of the user's own.
        if ways.is_empty()
            && let (Some(Name::Image(_)), Some(scalar)) = (path.last().map(|key| name_of(key)), value.scalar())
        {
            let claim = Claim::certain(SiteKind::Cdk).with_certainty(Certainty::Named);
            collector.claim(scalar, claim.with_caution(Some(Caution::never(Reason::UnknownPlace))), None);
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
            (Kind::Reference(_), _) => {
                self.named(collector, node, &keys.join("."), &mut |program, collector, value, caution| {
                    program.below(collector, value, keys, claim.with_caution(caution));
                });
            }
            _ => {}
        }
    }

    /// A container, or each of a list, whose images may be texts.
    fn containers(&mut self, collector: &mut Collector, node: &'n Node<'a>, claim: Claim) {
        match &node.kind {
            // Pulumi's are a mapping too, by their names.
            Kind::Mapping(entries) if node.get("image").or_else(|| node.get("Image")).is_none() => {
                for entry in entries.iter().filter(|entry| entry.value.entries().is_some()) {
                    collector.at_key(&entry.key, |collector| self.property(collector, &entry.value, "image", claim));
                }
            }
            Kind::Mapping(_) => self.property(collector, node, "image", claim),
            Kind::Sequence(parts) | Kind::Choice(parts) | Kind::Computed(parts) => {
                parts.iter().for_each(|part| self.containers(collector, part, claim));
            }
            Kind::Call(call) => call.arguments.iter().for_each(|part| self.containers(collector, part, claim)),
            Kind::Reference(_) => {
                self.named(collector, node, "containers", &mut |program, collector, value, caution| {
                    program.containers(collector, value, claim.with_caution(caution));
                });
            }
            // A list that is written as JSON.
            Kind::Scalar(scalar) if scalar.value().trim_start().starts_with('[') => {
                expression::containers(collector, node, "image", claim, &mut |collector, container| {
                    let claim = claim.with_credentials(ecs::pull_credentials(container));
                    collector.descend(container, &["image"], &mut |collector, image| collector.image(image, claim));
                });
            }
            _ => {}
        }
    }

    /// A container whose image may be a text.
    fn property(&mut self, collector: &mut Collector, container: &'n Node<'a>, key: &str, claim: Claim) {
        let image = container.entries().and_then(|entries| entries.iter().find(|entry| same_key(&entry.key, key)));
        if let Some(image) = image {
            // A name with its tag beside it goes into something that puts them together.
            let is_name = image.value.text().is_some_and(|text| !text.contains([':', '/']));
            let is_parted = is_name && container.get("tag").is_some();
            let parted = is_parted.then(|| Caution::on_request(Reason::UnknownPlace));
            collector.at_key(&image.key, |collector| {
                self.text(collector, &image.value, claim.with_caution(beside(container)).with_caution(parted));
            });
        }
    }

    /// Images of a manifest.
    fn manifest(&mut self, collector: &mut Collector, node: &'n Node<'a>) {
        collector.kind = SiteKind::Kubernetes;
        kubernetes::manifest(collector, node);
        collector.kind = SiteKind::Cdk;
    }

    /// Where an image is a text, or something else gives it that is seen where it is made.
    fn text(&mut self, collector: &mut Collector, node: &'n Node<'a>, claim: Claim) {
        match &node.kind {
            Kind::Choice(arms) => arms.iter().for_each(|arm| self.text(collector, arm, claim)),
            _ if self.is_object(node, 2) => {}
            _ => self.image(collector, node, claim),
        }
    }

    /// Whether a node gives the object of an image, over so many names at most.
    fn is_object(&self, node: &Node<'_>, names: usize) -> bool {
        match &node.kind {
            Kind::Call(call) => gives_image(self.function(&call.name, node.span().start)),
            Kind::Choice(arms) => arms.iter().all(|arm| self.is_object(arm, names)),
            Kind::Reference(name) if names > 0 => {
                let known = self.constants.get(name, node.span().start);
                known.is_some_and(|(_, constant)| self.is_object(constant.value, names - 1))
            }
            _ => false,
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
            Kind::Reference(name) if is_nothing(name) => {}
            Kind::Reference(name) => {
                let known =
                    self.constants.get(name, node.span().start).filter(|(_, constant)| has_text(constant.value));
                // Others may give another one.
                if known.as_ref().is_none_or(|(_, constant)| constant.is_default || !is_text(constant.value)) {
                    collector.unresolved(name, node.span(), claim);
                }
                // Whoever knows a place best comes to it first.
                if let Some((way, _)) = known {
                    self.images.entry(node.span().start).or_insert((way, claim));
                }
            }
            Kind::Call(call) if !matches!(call.name.as_str(), "" | "=>") => {
                collector.unresolved(&format!("{}(…)", call.name), node.span(), claim);
            }
            _ => collector.unresolved("(…)", node.span(), claim),
        }
    }
}

/// Shows what else reads like a reference, or is named like an image.
fn show(collector: &mut Collector, node: &Node<'_>) {
    match &node.kind {
        Kind::Scalar(_) | Kind::Mapping(_) => return collector.sweep(node, SiteKind::Cdk),
        _ => {}
    }
    if let Some((_, name, value)) = binding(node) {
        let last = name.rsplit('.').next().unwrap_or(name);
        let claim = Claim::certain(SiteKind::Cdk).with_certainty(Certainty::Named);
        let claim = claim.with_caution(Some(Caution::never(Reason::UnknownPlace)));
        collector.at_key(name, |collector| {
            if let Name::Image(_) = name_of(last) {
                texts(collector, value, claim, &may_name_image);
            }
            if CONTAINERS.iter().any(|key| same_key(last, key)) {
                let images = value.elements().unwrap_or_default().iter();
                for image in images.filter_map(|container| container.get("image").or_else(|| container.get("Image"))) {
                    texts(collector, image, claim, &|_| true);
                }
            }
        });
    }
    each(collector, node, &mut |collector, part| show(collector, part));
}

/// The texts in a value, each of which may be an image.
fn texts(collector: &mut Collector, value: &Node<'_>, claim: Claim, may_be: &dyn Fn(&str) -> bool) {
    match &value.kind {
        Kind::Scalar(scalar) if may_be(scalar.value()) => collector.claim(scalar, claim, None),
        Kind::Sequence(_) | Kind::Choice(_) | Kind::Mapping(_) => {
            collector.each_child(value, |collector, child| texts(collector, child, claim, may_be));
        }
        _ => {}
    }
}
