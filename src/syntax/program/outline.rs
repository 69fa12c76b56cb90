//! Where a program calls what, what it imports, and its names: what has to be known to write a call into it. TypeScript and
//! Python.

use std::collections::BTreeMap;

use tree_sitter::{Node as Syntax, Tree};

use super::shape::{Shape, children, field};
use super::{QUOTES, Reader, tree};
use crate::source::{Source, Span};
use crate::syntax::{Fragment, Language};

/// What a program imports, and its names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) imports: Vec<Import>,
    pub(crate) classes: Vec<Class>,
    /// The names that stand for something by themselves, and how often each is given that otherwise than by an `import`.
    pub(crate) names: BTreeMap<String, usize>,
}

/// A call whose first argument is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallSite {
    /// What is called, up to its last name: `ecs.ContainerImage`.
    pub(crate) receiver: String,
    /// Its last name, and where it stands.
    pub(crate) name: String,
    pub(crate) name_span: Span,
    /// The text, and the lengths of what opens and closes it.
    pub(crate) text: Span,
    pub(crate) opening: usize,
    pub(crate) closing: usize,
    /// Whether it is the only argument.
    pub(crate) is_alone: bool,
    /// What the object is called that is made here, where it is made so far that others may be made in it, and this place is
    /// come to once for it.
    pub(crate) owner: Option<String>,
    /// The class around.
    pub(crate) class: Option<Class>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) name: String,
    /// The path of what it builds on: `cdk.Stack`; empty if that is nothing.
    pub(crate) base: String,
}

/// What a program takes from a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) module: String,
    /// What the module goes by as a whole.
    pub(crate) whole: Option<String>,
    /// Names in it, and what they go by here.
    pub(crate) names: Vec<(String, String)>,
    /// The statement.
    pub(crate) span: Span,
}

/// Reads a program, and what it calls; `None` if it is none in its language.
pub(crate) fn outline(language: Language, source: &Source) -> Option<(Outline, Vec<CallSite>)> {
    let fragment = Fragment::of_file(source);
    let tree = tree(language, &fragment).ok()?;
    let reader = Reader::new(language, &fragment);
    let mut calls = Vec::new();
    each(&tree, |node, _, _| calls.extend(reader.call_site(node)));
    Some((reader.outline(&tree), calls))
}

/// Goes through each part of a program, with what it stands in and as what it stands there.
fn each<'t>(tree: &'t Tree, mut visit: impl FnMut(Syntax<'t>, &str, Option<&str>)) {
    let mut cursor = tree.walk();
    let mut around = vec![""];
    loop {
        let node = cursor.node();
        visit(node, around.last().unwrap_or(&""), cursor.field_name());
        if cursor.goto_first_child() {
            around.push(node.kind());
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            around.pop();
        }
    }
}

/// Whether a part is a name that stands for something by itself: no part of something else, and no argument's.
fn is_of_its_own(kind: &str, around: &str, field: Option<&str>) -> bool {
    match (around, field) {
        ("attribute", Some("attribute")) | ("keyword_argument", Some("name")) => false,
        _ if kind.ends_with("property_identifier") => false,
        _ => kind.ends_with("identifier") || kind == "shorthand_property_identifier_pattern",
    }
}

/// Whether what a name stands in gives it something: declarations, parameters, patterns, assignments.
fn gives(around: &str, field: Option<&str>) -> bool {
    match (around, field) {
        ("pair_pattern", Some("value")) => true,
        (_, Some("value" | "right" | "body" | "object" | "superclasses")) => false,
        (_, Some("name")) => {
            ["declarator", "declaration", "definition", "class", "function_expression", "module", "named_expression"]
                .iter()
                .any(|end| around.ends_with(end))
                || around.contains("parameter")
        }
        (_, Some("left")) => around.contains("assignment") || around.starts_with("for_"),
        (_, Some("parameter")) => true,
        _ => around.contains("pattern") || around.contains("parameter"),
    }
}

/// The name that a text begins with.
pub(super) fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(text.len())]
}

impl Reader<'_> {
    /// What a program imports, and its names.
    pub(super) fn outline(&self, tree: &Tree) -> Outline {
        let mut found = Outline::default();
        for statement in children(tree.root_node()) {
            found.imports.extend(self.import(statement));
        }
        each(tree, |node, around, field| {
            found.classes.extend(self.class(node));
            if is_of_its_own(node.kind(), around, field) {
                let given = usize::from(gives(around, field));
                *found.names.entry(self.slice(node).to_owned()).or_default() += given;
            }
        });
        found
    }

    fn call_site(&self, node: Syntax<'_>) -> Option<CallSite> {
        if !matches!(node.kind(), "call" | "call_expression") {
            return None;
        }
        let Shape::Call(called) = self.shape(node) else { return None };
        let (receiver, name) = (self.unwrapped(called.receiver?), called.name?);
        let first = called.arguments.first().copied()?;
        let Shape::Text(opening, closing) = self.shape(first) else { return None };
        self.is_path(receiver).then(|| CallSite {
            receiver: self.path(receiver),
            name: self.slice(name).to_owned(),
            name_span: self.span(name),
            text: self.span(first),
            opening,
            closing,
            is_alone: called.arguments.len() == 1 && called.keywords.is_empty(),
            owner: self.owner(node),
            class: std::iter::successors(node.parent(), |up| up.parent()).find_map(|up| self.class(up)),
        })
    }

    /// What a class is called, and builds on.
    fn class(&self, node: Syntax<'_>) -> Option<Class> {
        let above = match node.kind() {
            "class_declaration" | "abstract_class_declaration" | "class" => {
                children(node).into_iter().find(|child| child.kind() == "class_heritage")
            }
            "class_definition" => field(node, "superclasses"),
            _ => return None,
        };
        let text = above.map(|above| self.slice(above)).unwrap_or_default();
        let base = text.trim_start_matches("extends").trim_start_matches('(').trim_start();
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        let base = &base[..base.find(|c| !is_path(c)).unwrap_or(base.len())];
        Some(Class { name: self.slice(field(node, "name")?).to_owned(), base: base.to_owned() })
    }

    /// What the object is called whose constructor a node stands in, behind the call of the one above.
    fn owner(&self, node: Syntax<'_>) -> Option<String> {
        const REPEATED: [&str; 17] = [
            "for_statement",
            "for_in_statement",
            "while_statement",
            "do_statement",
            "arrow_function",
            "function_expression",
            "function_declaration",
            "generator_function",
            "generator_function_declaration",
            "required_parameter",
            "optional_parameter",
            "class_static_block",
            "decorator",
            "lambda",
            "list_comprehension",
            "dictionary_comprehension",
            "generator_expression",
        ];
        let mut around = node.parent();
        while let Some(up) = around {
            match up.kind() {
                kind if REPEATED.contains(&kind) => return None,
                "set_comprehension" | "parameters" => return None,
                "method_definition" => {
                    let is_constructor = field(up, "name").is_some_and(|name| self.slice(name) == "constructor");
                    let body = field(up, "body").filter(|_| is_constructor && self.is_construct(up))?;
                    return self.is_made(up, body, node).then(|| "this".to_owned());
                }
                "public_field_definition" => {
                    let is_static = self.slice(up).split_whitespace().take(4).any(|word| word == "static");
                    let is_named = self.is_named_construct(up);
                    return (!is_static && is_named && self.is_construct(up)).then(|| "this".to_owned());
                }
                "function_definition" => {
                    let is_constructor = field(up, "name").is_some_and(|name| self.slice(name) == "__init__");
                    let body = field(up, "body").filter(|_| is_constructor && self.is_construct(up))?;
                    let first = children(field(up, "parameters")?).first().copied()?;
                    return self.is_made(up, body, node).then(|| first_word(self.slice(first)).to_owned());
                }
                "call_expression" if field(up, "function").is_some_and(|called| called.kind() == "super") => {
                    return None;
                }
                _ => around = up.parent(),
            }
        }
        None
    }

    /// Whether a member is one of a class that builds on another: one that is named like something that other stacks are in
    /// is no place for constructs.
    fn is_construct(&self, member: Syntax<'_>) -> bool {
        let mut around = member.parent();
        while let Some(up) = around {
            let above = match up.kind() {
                "class_declaration" | "abstract_class_declaration" | "class" => {
                    children(up).into_iter().find(|child| child.kind() == "class_heritage")
                }
                "class_definition" => field(up, "superclasses"),
                _ => {
                    around = up.parent();
                    continue;
                }
            };
            let text = above.map(|above| self.slice(above)).unwrap_or_default();
            let is_extended = text.contains("extends") || text.starts_with('(') && text.len() > "()".len();
            let is_around = |word: &str| word.ends_with("Stage") || word.ends_with("App");
            return is_extended && !text.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_around);
        }
        false
    }

    /// Whether what the class of a member builds on is named like a construct.
    fn is_named_construct(&self, member: Syntax<'_>) -> bool {
        let class = member.parent().and_then(|body| body.parent());
        let above = class.and_then(|class| children(class).into_iter().find(|part| part.kind() == "class_heritage"));
        let name =
            above.map(|above| self.slice(above).split_whitespace().nth(1).unwrap_or_default()).unwrap_or_default();
        name.ends_with("Stack") || name.ends_with("Construct")
    }

    /// Whether a statement of a constructor before a node calls the constructor above, and hands on the first thing that it
    /// is given itself: what a construct is made in.
    fn is_made(&self, constructor: Syntax<'_>, body: Syntax<'_>, node: Syntax<'_>) -> bool {
        let is_self = usize::from(self.language == Language::Python);
        let given = field(constructor, "parameters").map(children).unwrap_or_default();
        let Some(scope) = given.get(is_self).map(|parameter| first_word(self.slice(*parameter))) else { return false };
        children(body).into_iter().filter(|statement| statement.end_byte() <= node.start_byte()).any(|statement| {
            let text = self.slice(statement);
            let handed = text.strip_prefix("super(").filter(|rest| !rest.starts_with(')'));
            let handed = handed.or_else(|| text.strip_prefix("super().__init__("));
            // Scope and id: what takes one thing is no construct.
            handed.is_some_and(|handed| {
                let rest = handed.trim_start().strip_prefix(scope).unwrap_or_default();
                first_word(handed) == scope && !scope.is_empty() && rest.trim_start().starts_with(',')
            })
        })
    }

    fn import(&self, statement: Syntax<'_>) -> Option<Import> {
        let text = |node: Syntax<'_>| self.slice(node).to_owned();
        let unquoted = |node: Syntax<'_>| self.slice(node).trim_matches(QUOTES).to_owned();
        let mut found = Import { module: String::new(), whole: None, names: Vec::new(), span: self.span(statement) };
        match statement.kind() {
            "import_statement" if self.language != Language::Python => {
                // `import cdk = require("…")`
                let required = children(statement).into_iter().find(|part| part.kind() == "import_require_clause");
                if let Some(clause) = required {
                    found.module = unquoted(field(clause, "source")?);
                    found.whole = children(clause).first().map(|name| text(*name));
                    return Some(found);
                }
                found.module = unquoted(field(statement, "source")?);
                // A type is no value.
                if self.slice(statement).split_whitespace().nth(1) == Some("type") {
                    return Some(found);
                }
                for part in
                    children(statement).into_iter().filter(|part| part.kind() == "import_clause").flat_map(children)
                {
                    match part.kind() {
                        "namespace_import" => found.whole = children(part).first().map(|name| text(*name)),
                        "named_imports" => {
                            let is_value = |one: &Syntax<'_>| !self.slice(*one).starts_with("type ");
                            for one in children(part).into_iter().filter(is_value) {
                                let name = field(one, "name")?;
                                found.names.push((text(name), text(field(one, "alias").unwrap_or(name))));
                            }
                        }
                        _ => found.names.push(("default".to_owned(), text(part))),
                    }
                }
            }
            "import_statement" => {
                let name = field(statement, "name")?;
                let (module, alias) = match name.kind() {
                    "aliased_import" => (field(name, "name")?, field(name, "alias")),
                    _ => (name, None),
                };
                found.module = text(module);
                found.whole = Some(text(alias.unwrap_or(module)));
            }
            "import_from_statement" => {
                found.module = text(field(statement, "module_name")?);
                let mut cursor = statement.walk();
                for one in statement.children_by_field_name("name", &mut cursor) {
                    let name = if one.kind() == "aliased_import" { field(one, "name")? } else { one };
                    found.names.push((text(name), text(field(one, "alias").unwrap_or(name))));
                }
            }
            "future_import_statement" => found.module = "__future__".to_owned(),
            // `const ecs = require("…")`
            "lexical_declaration" | "variable_declaration" => {
                let declared = children(statement);
                let [declarator] = declared.as_slice() else { return None };
                let value = field(*declarator, "value").filter(|value| value.kind() == "call_expression")?;
                let is_require = field(value, "function").is_some_and(|called| self.slice(called) == "require");
                let module = children(field(value, "arguments")?).first().copied().filter(|_| is_require)?;
                found.module = unquoted(module);
                let name = field(*declarator, "name")?;
                match name.kind() {
                    "identifier" => found.whole = Some(text(name)),
                    _ => {
                        for one in children(name) {
                            let (key, value) = (field(one, "key").unwrap_or(one), field(one, "value").unwrap_or(one));
                            found.names.push((text(key), text(value)));
                        }
                    }
                }
            }
            _ => return None,
        }
        Some(found)
    }
}
