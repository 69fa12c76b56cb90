//! Where something may be filled in: whether a text takes an expression instead of what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::Format;
use crate::destination::Notation;
#[cfg(feature = "cdk-source")]
use crate::source::Source;
use crate::source::Span;
use crate::syntax::{Kind, Node, Scope, Scopes};
#[cfg(feature = "cdk-source")]
use crate::syntax::{Language, program::Literals};

/// Whether something may be filled in where a text stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Form {
    /// Nothing may.
    #[default]
    Text,
    /// The text is a template of this language.
    Template(Notation),
    /// The text is a template of Terraform, within the definition of a value.
    Definition(Arc<Definition>),
    /// The text stands in a template of a chart.
    Actions(Arc<Scopes>),
    /// What is in the text of a `Fn::Sub`, which says itself what stands for these names.
    Substitution(Vec<String>),
    /// Strings of a template of CloudFormation, which follow each other.
    Strings(Vec<Piece>),
    /// A word of a Dockerfile.
    Word(Arc<Declared>),
    /// The arguments of a call that puts the registry of its own stack before them.
    Repository,
    /// A text of a program.
    #[cfg(feature = "cdk-source")]
    Program(Arc<Literals>),
}

impl Form {
    /// The language of what may be filled in.
    pub fn notation(&self) -> Option<Notation> {
        match self {
            Form::Text | Form::Repository => None,
            Form::Template(notation) => Some(*notation),
            Form::Definition(_) => Some(Notation::Terraform),
            Form::Actions(_) => Some(Notation::Helm),
            Form::Substitution(_) | Form::Strings(_) => Some(Notation::CloudFormation),
            Form::Word(_) => Some(Notation::Dockerfile),
            #[cfg(feature = "cdk-source")]
            Form::Program(literals) => notation_of(literals.language()),
        }
    }

    /// Whether a name in an expression stands for something else there.
    pub fn shadows(&self, expression: &str) -> bool {
        let shadows = |own: &[String]| own.iter().any(|name| expression.contains(&format!("${{{name}}}")));
        match self {
            Form::Substitution(own) => shadows(own),
            Form::Strings(pieces) => pieces.iter().any(|piece| shadows(&piece.own)),
            _ => false,
        }
    }
}

/// One string of a text that CloudFormation puts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What of the text it is.
    pub range: Range<usize>,
    /// Its bytes in the file, quotes included.
    pub token: Span,
    /// Whether it is a `Fn::Sub` already.
    pub kind: PieceKind,
    /// The names for which the `Fn::Sub` itself says what stands.
    pub own: Vec<String>,
}

/// What a [`Piece`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A string, for which a function may stand.
    String,
    /// The text of a `Fn::Sub`.
    Substitution,
}

/// The arguments of a Dockerfile that all its stages may begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// Their names, as often as they are declared, and the default of each.
    pub arguments: Vec<(String, Option<String>)>,
    /// A byte of the first stage's line, before which another may be declared.
    pub first_stage: usize,
}

/// The definition of a value of Terraform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// How others name the value: `local.settings`, `module.registry`.
    pub address: String,
    /// What the locals of the file are made from.
    pub locals: Arc<Locals>,
}

/// For each local of a file of Terraform, the locals and other values that its definition names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locals(BTreeMap<String, Vec<String>>);

impl Locals {
    /// The locals of a file.
    pub(super) fn of(root: &Node<'_>) -> Self {
        let mut locals: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let blocks = root.entries().unwrap_or_default().iter().filter(|entry| entry.key == "locals");
        for block in blocks.flat_map(|entry| entry.value.elements().unwrap_or(std::slice::from_ref(&entry.value))) {
            for local in block.entries().unwrap_or_default() {
                let mut named = BTreeSet::new();
                gather(&local.value, &mut named);
                locals.entry(local.key.to_string()).or_default().extend(named);
            }
        }
        Locals(locals)
    }
}

/// The texts below a node that name other values.
fn gather(node: &Node<'_>, named: &mut BTreeSet<String>) {
    let text = match &node.kind {
        Kind::Reference(text) => text,
        Kind::Scalar(scalar) if scalar.value().contains("${") => scalar.value(),
        _ => "",
    };
    if !text.is_empty() {
        named.insert(text.to_owned());
    }
    node.children().into_iter().for_each(|child| gather(child, named));
}

impl Definition {
    /// Whether an expression is made from the value: it cannot be a part of it then.
    pub fn goes_into(&self, expression: &str) -> bool {
        let mut open = vec![expression];
        let mut seen = BTreeSet::new();
        while let Some(text) = open.pop() {
            if names(text, &self.address) {
                return true;
            }
            for (at, start) in text.match_indices("local.") {
                let rest = &text[at + start.len()..];
                let name = &rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())];
                if let Some(made_of) = self.locals.0.get(name).filter(|_| seen.insert(name)) {
                    open.extend(made_of.iter().map(String::as_str));
                }
            }
        }
        false
    }
}

/// Whether an expression names a value.
fn names(expression: &str, address: &str) -> bool {
    expression.match_indices(address).any(|(at, _)| {
        !expression[at + address.len()..].starts_with(is_of_name)
            && !expression[..at].ends_with(|c| is_of_name(c) || c == '.')
    })
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// What programs of a language may say instead of a host.
#[cfg(feature = "cdk-source")]
fn notation_of(language: Language) -> Option<Notation> {
    match language {
        Language::TypeScript | Language::Tsx => Some(Notation::TypeScript),
        Language::Python => Some(Notation::Python),
        _ => None,
    }
}

impl Form {
    /// What may be filled in anywhere in a program; it is read for that where somebody asks for it.
    #[cfg(feature = "cdk-source")]
    pub(crate) fn of_program(source: &Source, language: Language, is_asked: impl Fn(Notation) -> bool) -> Self {
        let is_asked = notation_of(language).is_some_and(is_asked);
        let literals = is_asked.then(|| Literals::of(language, source)).flatten();
        literals.map_or(Form::Text, |literals| Form::Program(Arc::new(literals)))
    }

    /// What may be filled in anywhere in a file; whether it is a template of a chart, its path does not say.
    pub(crate) fn of_file(text: &str, path: &str, format: Format, is_of_chart: bool) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        // Other programs render these before Helm would.
        let is_others = [".j2", ".jinja2", ".tftpl"].iter().any(|ending| name.ends_with(ending));
        match format {
            Format::Terraform(_) => Form::Template(Notation::Terraform),
            Format::Document(_) | Format::Template if is_of_chart && !is_others => {
                // Nothing is rendered of a file of helpers but what others include, with a dot of their own.
                let first = if name.starts_with('_') { Scope::Called } else { Scope::Whole };
                Form::Actions(Arc::new(Scopes::of(text, first)))
            }
            _ => Form::Text,
        }
    }
}
