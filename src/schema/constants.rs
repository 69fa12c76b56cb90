//! The names that a program gives values, in the same file, and how often it says them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Caution;
use super::claim::Claim;
use super::collect::Collector;
use crate::reason::Reason;
use crate::source::Span;
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
    owner: Owner<'n>,
    is_exported: bool,
    /// Whether its declaration is one of the places that say it.
    is_said_there: bool,
    /// How often the program gives a value to a name that is written so.
    definitions: usize,
}

/// Whose a name is, and so how its uses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner<'n> {
    /// A function's, a block's or the file's: `image`.
    Scope,
    /// A class's: `image`, `this.image`, `Tasks.image`.
    Class,
    /// An enum's, which has this name: `Images.Web`.
    Enum(&'n str),
    /// An object's on which it is set: `this.image`.
    Object,
}

/// How a program says a name: where it holds, and the path from there, with dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    scope: usize,
    path: String,
}

/// A function, a block or a class, or the file: what is declared in it is not known outside.
#[derive(Debug)]
struct Scope<'n, 'a> {
    span: Span,
    /// The one around; the file is its own.
    around: usize,
    /// The names, and the parts of objects (`this.image`), that are declared here.
    declared: HashSet<String>,
    by_path: HashMap<String, Constant<'n, 'a>>,
    /// How often each name is said that is declared here.
    said: HashMap<&'n str, usize>,
}

/// The names that a program gives values.
#[derive(Debug, Default)]
pub(super) struct Constants<'n, 'a> {
    /// The file, and what is in it, as it comes.
    scopes: Vec<Scope<'n, 'a>>,
    /// The same in the order of the text: where each begins.
    starts: Vec<(usize, usize)>,
    /// How often a name is said as that of a part.
    parts: HashMap<&'n str, usize>,
}

/// Where the search for names is.
#[derive(Clone, Copy)]
struct Within<'n> {
    scope: usize,
    /// The class, and where its own names hold.
    class: Option<(Owner<'n>, &'n str, usize)>,
}

/// What is gathered beside the names.
struct Gathered<'n, 'a> {
    /// Where names are said.
    said: HashSet<usize>,
    /// Names that are given another value: the name, the value, the way to it.
    assigned: Vec<(&'n str, Constant<'n, 'a>)>,
}

impl<'n, 'a> Constants<'n, 'a> {
    /// Gathers them from what a program says, and from the places where it says their names.
    pub(super) fn new(collector: &mut Collector, said: &'n Node<'a>, names: &'n Node<'a>) -> Self {
        let mut constants = Constants::default();
        let starts = names.children().into_iter().map(|name| name.span().start).collect();
        let mut gathered = Gathered { said: starts, assigned: Vec::new() };
        let file = constants.open(said.span(), 0);
        constants.define(collector, said, Within { scope: file, class: None }, &mut gathered);
        constants.starts = constants.scopes.iter().map(|scope| scope.span.start).zip(0..).collect();
        constants.starts.sort_unstable();
        for (name, constant) in gathered.assigned {
            let scope = constants.scope_of(name, constant.value.span().start);
            constants.add(scope, name.to_owned(), constant);
        }
        for node in names.children() {
            let Kind::Reference(text) = node.kind else { continue };
            // What is before the name of a part tells that it is one.
            match text.strip_prefix(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '#')) {
                Some(part) => *constants.parts.entry(part).or_default() += 1,
                None => {
                    let scope = constants.scope_of(text, node.span().start);
                    *constants.scopes[scope].said.entry(text).or_default() += 1;
                }
            }
        }
        constants
    }

    fn open(&mut self, span: Span, around: usize) -> usize {
        let (declared, by_path, said) = Default::default();
        self.scopes.push(Scope { span, around, declared, by_path, said });
        self.scopes.len() - 1
    }

    fn add(&mut self, scope: usize, path: String, constant: Constant<'n, 'a>) {
        self.scopes[scope].by_path.entry(path).or_insert(constant).definitions += 1;
    }

    /// Where a name holds that is said at a byte: the innermost of what declares it, or the file.
    fn scope_of(&self, name: &str, at: usize) -> usize {
        let before = self.starts.partition_point(|(start, _)| *start <= at);
        let mut scope = before.checked_sub(1).map_or(0, |last| self.starts[last].1);
        while scope != 0 && !(self.scopes[scope].span.end > at && self.scopes[scope].declared.contains(name)) {
            scope = self.scopes[scope].around;
        }
        scope
    }

    /// Adds a name, or a part of an object, that is declared.
    fn declare(&mut self, scope: usize, path: String, constant: Constant<'n, 'a>) {
        self.scopes[scope].declared.insert(path.clone());
        self.add(scope, path, constant);
    }

    /// Gathers the names in a part.
    fn define(
        &mut self,
        collector: &mut Collector,
        node: &'n Node<'a>,
        mut within: Within<'n>,
        gathered: &mut Gathered<'n, 'a>,
    ) {
        if let Kind::Call(call) = &node.kind
            && is_scope(&call.name)
        {
            within.scope = self.open(node.span(), within.scope);
            let name = call.arguments.first().map(|name| &name.kind);
            within.class = match (call.name.as_str(), name) {
                ("class {", Some(Kind::Reference(name))) => Some((Owner::Class, name, within.scope)),
                ("enum {", Some(Kind::Reference(name))) => Some((Owner::Enum(name), name, within.scope)),
                _ => within.class,
            };
        }
        if let (Some((sign, name, value)), Kind::Call(call)) = (binding(node), &node.kind) {
            let (lead, last) = name.rsplit_once('.').unwrap_or(("", name));
            let is_said_there = gathered.said.contains(&call.arguments[0].span().end.saturating_sub(last.len()));
            let owner = match within.class {
                Some((owner, ..)) if sign.ends_with(".=") => owner,
                _ if lead.is_empty() => Owner::Scope,
                _ => Owner::Object,
            };
            // What is set on an object is seen by all who have it.
            let is_exported = sign.starts_with("export") || owner == Owner::Object;
            let is_default = sign == "?=";
            let new = |value, place| Constant {
                value,
                place,
                is_default,
                name: last,
                owner,
                is_exported,
                is_said_there,
                definitions: 0,
            };
            collector.at_key(name, |collector| {
                let constant = new(value, collector.place());
                let scope = match (owner, within.class) {
                    (Owner::Scope, _) if sign == ":=" => return gathered.assigned.push((name, constant)),
                    (Owner::Scope, _) => within.scope,
                    (Owner::Class | Owner::Enum(_), Some((_, class, scope))) => {
                        for object in OBJECTS {
                            self.declare(scope, format!("{object}.{name}"), new(value, collector.place()));
                        }
                        self.add(0, format!("{class}.{name}"), new(value, collector.place()));
                        // Elsewhere, a part of a class is not known by its name alone.
                        if !is_said_there {
                            return;
                        }
                        scope
                    }
                    (_, Some((.., scope))) if OBJECTS.contains(&lead) => scope,
                    _ => 0,
                };
                self.declare(scope, name.to_owned(), constant);
                for entry in value.entries().unwrap_or_default() {
                    collector.at_key(&entry.key, |collector| {
                        self.add(scope, format!("{name}.{}", entry.key), new(&entry.value, collector.place()));
                    });
                }
            });
        }
        each(collector, node, &mut |collector, part| self.define(collector, part, within, gathered));
    }

    /// What a name is given that is said at a byte, if that is said once, and the way by which it is known.
    pub(super) fn get(&self, name: &str, at: usize) -> Option<(Way, &Constant<'n, 'a>)> {
        let path = plain(name);
        let root = path.split('.').next().unwrap_or(&path);
        let scope = self.scope_of(if OBJECTS.contains(&root) { &path } else { root }, at);
        let by_path = &self.scopes[scope].by_path;
        // The text of a member of an enum of Python.
        let is_member = |short: &&str| by_path.get(*short).is_some_and(|one| matches!(one.owner, Owner::Enum(_)));
        let short = path.strip_suffix(".value").filter(is_member).map(str::to_owned);
        let path = short.unwrap_or(path);
        let constant = by_path.get(&path).filter(|constant| constant.definitions == 1)?;
        Some((Way { scope, path }, constant))
    }

    /// What a node says that is the name of an object or a list, and what keeps the images in it.
    pub(super) fn object(&self, node: &Node<'_>) -> Option<(&Constant<'n, 'a>, Option<Caution>)> {
        let Kind::Reference(name) = node.kind else { return None };
        let (way, constant) = self.get(name, node.span().start)?;
        let is_object = matches!(constant.value.kind, Kind::Mapping(_) | Kind::Sequence(_) | Kind::Choice(_));
        let once = Uses { words: 1, parts: 1, members: 1 };
        is_object.then(|| (constant, self.caution(constant, way.scope, once)))
    }

    /// What keeps a value that is known by a name which holds in a scope, of whose uses these are images.
    fn caution(&self, constant: &Constant<'n, 'a>, scope: usize, images: Uses) -> Option<Caution> {
        let said = |scope: usize, name: &str| self.scopes[scope].said.get(name).copied().unwrap_or_default();
        let words = said(scope, constant.name) > images.words + usize::from(constant.is_said_there);
        let as_part = self.parts.get(constant.name).copied().unwrap_or_default();
        let is_shared = match constant.owner {
            Owner::Scope => words,
            Owner::Class => words || as_part > images.parts,
            // Who has an enum has all of its members.
            Owner::Enum(of) => as_part > images.parts || said(self.scope_of(of, 0), of) > images.members + 1,
            Owner::Object => as_part > images.parts + usize::from(constant.is_said_there),
        };
        match (is_shared, constant.is_exported) {
            (true, _) => Some(Caution::never(Reason::SharedValue)),
            (_, true) => Some(Caution { note: Some(EXPORTED), ..Caution::on_request(Reason::SharedValue) }),
            _ => None,
        }
    }

    /// What the names say that stand where an image is expected. One that is also said elsewhere stays.
    pub(super) fn follow(&self, collector: &mut Collector, images: &[(Way, Claim)]) {
        let constant = |way: &Way| self.scopes[way.scope].by_path.get(&way.path);
        let mut words: HashMap<(usize, &str), usize> = HashMap::new();
        let mut parts: HashMap<&str, usize> = HashMap::new();
        let mut members: HashMap<&str, usize> = HashMap::new();
        // A name may stand in several places: the strictest of them holds.
        let mut strictest: BTreeMap<&Way, Claim> = BTreeMap::new();
        for (way, claim) in images {
            let Some(constant) = constant(way) else { continue };
            let (first, _) = way.path.split_once('.').unwrap_or((&way.path, ""));
            match first == constant.name {
                true => *words.entry((way.scope, constant.name)).or_default() += 1,
                false => *parts.entry(constant.name).or_default() += 1,
            }
            if let Owner::Enum(of) = constant.owner {
                *members.entry(of).or_default() += usize::from(first == of);
            }
            strictest.entry(way).and_modify(|known| *known = Claim::strictest([*known, *claim])).or_insert(*claim);
        }
        for (way, claim) in strictest {
            let Some(constant) = constant(way) else { continue };
            let images = Uses {
                words: words.get(&(way.scope, constant.name)).copied().unwrap_or_default(),
                parts: parts.get(constant.name).copied().unwrap_or_default(),
                members: match constant.owner {
                    Owner::Enum(of) => members.get(of).copied().unwrap_or_default(),
                    _ => 0,
                },
            };
            let caution = self.caution(constant, way.scope, images);
            collector.at_place(&constant.place, |collector| {
                arms(constant.value, &mut |scalar| collector.claim(scalar, claim.with_caution(caution), None));
            });
        }
    }
}

/// How many uses of a name are images: those of the name alone, those as the name of a part, those of its enum.
#[derive(Clone, Copy)]
struct Uses {
    words: usize,
    parts: usize,
    members: usize,
}

/// What an object is called in its class.
const OBJECTS: [&str; 3] = ["this", "self", "cls"];

/// The sign of a name that is given a value, the name, the value.
pub(super) fn binding<'n, 'a>(node: &'n Node<'a>) -> Option<(&'n str, &'n str, &'n Node<'a>)> {
    let Kind::Call(call) = &node.kind else { return None };
    match call.arguments.as_ref() {
        [Node { kind: Kind::Reference(name), .. }, value] if is_sign(&call.name) => Some((&call.name, name, value)),
        _ => None,
    }
}

/// Whether names hold within a part and not outside: a function, a class, a block.
fn is_scope(name: &str) -> bool {
    ["{", "class {", "enum {", "=>"].contains(&name)
}

fn is_sign(name: &str) -> bool {
    ["=", ":=", "?=", "export =", ".=", "export .="].contains(&name)
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
            (Some((Node { kind: Kind::Reference(name), .. }, rest)), sign)
                if sign != "=>" && is_scope(sign) || is_sign(sign) =>
            {
                below(collector, name, rest);
            }
            (_, "" | "=>") => call.arguments.iter().for_each(|part| search(collector, part)),
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
