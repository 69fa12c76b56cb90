//! Where something may be filled in: whether a text takes an expression instead of what it says.

use std::ops::Range;
use std::sync::Arc;

use super::Format;
use crate::destination::Notation;
use crate::source::Span;

/// Whether something may be filled in where a text stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Form {
    /// Nothing may.
    #[default]
    Text,
    /// The text is a template of this language.
    Template(Notation),
    /// What is in the text of a `Fn::Sub`, which says itself what stands for these names.
    Substitution(Vec<String>),
    /// Strings of a template of CloudFormation, which follow each other.
    Strings(Vec<Piece>),
    /// A word of a Dockerfile.
    Word(Arc<Declared>),
}

impl Form {
    /// The language of what may be filled in.
    pub fn notation(&self) -> Option<Notation> {
        match self {
            Form::Text => None,
            Form::Template(notation) => Some(*notation),
            Form::Substitution(_) | Form::Strings(_) => Some(Notation::CloudFormation),
            Form::Word(_) => Some(Notation::Dockerfile),
        }
    }

    /// Whether a name in an expression stands for something else there.
    pub fn shadows(&self, expression: &str) -> bool {
        let shadows = |own: &[String]| own.iter().any(|name| expression.contains(&format!("${{{name}}}")));
        match self {
            Form::Substitution(own) => shadows(own),
            Form::Strings(pieces) => pieces.iter().any(|piece| shadows(&piece.own)),
            Form::Text | Form::Template(_) | Form::Word(_) => false,
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
    /// Their names.
    pub names: Vec<String>,
    /// A byte of the first stage's line, before which another may be declared.
    pub first_stage: usize,
}

/// What may be filled in anywhere in a file.
pub(super) fn of_file(path: &str, format: Format) -> Form {
    let is_in = |folder: &str| path.split(['/', '\\']).rev().skip(1).any(|part| part == folder);
    match format {
        Format::Terraform(_) => Form::Template(Notation::Terraform),
        Format::Document(_) | Format::Template if is_in("templates") => Form::Template(Notation::Helm),
        _ => Form::Text,
    }
}
