//! Text to tree: JSON, YAML and HCL become the same [`Node`]s, whose scalars know their bytes in the file.
//!
//! Knows no images. What a tree means is [`schema`](crate::schema)'s business.

mod dockerfile;
mod hcl;
mod interpolation;
mod json;
mod pieces;
mod placement;
#[cfg(feature = "cdk-source")]
pub(crate) mod program;
mod scalar;
mod scopes;
pub(crate) mod template;
mod toml;
mod yaml;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::source::{Source, Span};

pub use placement::{Placement, Style};
pub use scalar::{Hole, HoleKind, Scalar};
pub use scopes::{Scope, Scopes};

/// How deep mappings, sequences and expressions may nest before a file is refused.
const DEPTH_MAX: usize = 250;

/// How long a text may be, in bytes: a node has 32 bits for a place in it.
const TEXT_MAX: usize = 1 << 31;

/// A language that text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// JSON, one document.
    Json,
    /// JSON with comments, as editors take it.
    JsonWithComments,
    /// YAML, any number of documents.
    Yaml,
    /// HashiCorp's configuration language: Terraform and OpenTofu.
    Hcl,
    /// The instructions of a Dockerfile.
    Dockerfile,
    /// TOML.
    Toml,
    /// TypeScript.
    #[cfg(feature = "cdk-source")]
    TypeScript,
    /// TypeScript with tags of XML in it, and JavaScript.
    #[cfg(feature = "cdk-source")]
    Tsx,
    /// Python.
    #[cfg(feature = "cdk-source")]
    Python,
    /// Java.
    #[cfg(feature = "cdk-source")]
    Java,
    /// Go.
    #[cfg(feature = "cdk-source")]
    Go,
    /// C#.
    #[cfg(feature = "cdk-source-csharp")]
    CSharp,
}

/// A value of a document, with its bytes.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    // A document has many nodes: these are as small as they can be.
    start: u32,
    end: u32,
    properties: Option<Box<Properties>>,
}

/// What YAML writes before a value.
#[derive(Debug, Clone, Default)]
struct Properties {
    tag: Option<String>,
    anchor: Option<usize>,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub enum Kind<'a> {
    /// Keys and values in the order of the file, duplicates included. HCL blocks are nested mappings, as in Terraform's
    /// JSON syntax: `resource "a" "b" {}` is `resource: {a: {b: {}}}`.
    Mapping(Box<[Entry<'a>]>),
    /// A list.
    Sequence(Box<[Node<'a>]>),
    /// A string, number, boolean or null.
    Scalar(Scalar<'a>),
    /// A YAML alias.
    Alias(Box<Alias<'a>>),
    /// A function called.
    Call(Box<Call<'a>>),
    /// One of these is the value: the arms of a conditional.
    Choice(Box<[Node<'a>]>),
    /// A value computed from these, none of which is the value itself.
    Computed(Box<[Node<'a>]>),
    /// A value named elsewhere, as written: `var.image`.
    Reference(&'a str),
}

/// A YAML alias: `*image`.
#[derive(Debug, Clone)]
pub struct Alias<'a> {
    /// The number of its anchor; none if there is no such anchor.
    pub anchor: Option<usize>,
    /// The alias as written.
    pub written: &'a str,
}

/// A function called: `jsonencode([…])`.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// Its name, with its namespace: `provider::a::b`.
    pub name: String,
    /// What it is given.
    pub arguments: Box<[Node<'a>]>,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The key as text. A key that is not a scalar has the empty text.
    pub key: Cow<'a, str>,
    /// The value.
    pub value: Node<'a>,
}

impl<'a> Node<'a> {
    fn new(span: Span, kind: Kind<'a>) -> Self {
        Node::with_properties(span, None, None, kind)
    }

    fn with_properties(span: Span, tag: Option<String>, anchor: Option<usize>, kind: Kind<'a>) -> Self {
        let properties = (tag.is_some() || anchor.is_some()).then(|| Box::new(Properties { tag, anchor }));
        // No longer text is read.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Node { kind, start: place(span.start), end: place(span.end), properties }
    }

    /// Another value in the same place, with the same anchor.
    pub(crate) fn with_kind(&self, kind: Kind<'a>) -> Self {
        Node::with_properties(self.span(), None, self.anchor(), kind)
    }

    /// The bytes of the value, without tag and anchor, in the text that was parsed.
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The YAML tag as written: `!Sub`.
    pub fn tag(&self) -> Option<&str> {
        self.properties.as_ref()?.tag.as_deref()
    }

    /// The YAML anchor on it, by a number unique in its file.
    pub fn anchor(&self) -> Option<usize> {
        self.properties.as_ref()?.anchor
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&[Entry<'a>]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of the first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The elements of a sequence.
    pub fn elements(&self) -> Option<&[Node<'a>]> {
        match &self.kind {
            Kind::Sequence(elements) => Some(elements),
            _ => None,
        }
    }

    /// The scalar it is.
    pub fn scalar(&self) -> Option<&Scalar<'a>> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of the scalar it is.
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(Scalar::value)
    }

    /// The nodes right below it, whatever it is.
    pub fn children(&self) -> Vec<&Node<'a>> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
            Kind::Sequence(nodes) | Kind::Choice(nodes) | Kind::Computed(nodes) => nodes.iter().collect(),
            Kind::Call(call) => call.arguments.iter().collect(),
            Kind::Scalar(_) | Kind::Alias(_) | Kind::Reference(_) => Vec::new(),
        }
    }
}

impl Node<'_> {
    /// Visits each text of the tree, in the order of the file.
    pub fn scalars(&self, visit: &mut dyn FnMut(&Self)) {
        if self.scalar().is_some() {
            visit(self);
        }
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().for_each(|entry| entry.value.scalars(visit)),
            Kind::Sequence(nodes) | Kind::Choice(nodes) | Kind::Computed(nodes) => {
                nodes.iter().for_each(|node| node.scalars(visit));
            }
            Kind::Call(call) => call.arguments.iter().for_each(|node| node.scalars(visit)),
            Kind::Scalar(_) | Kind::Alias(_) | Kind::Reference(_) => {}
        }
    }
}

/// A text to parse, and how it lies in the file around it.
#[derive(Debug, Clone)]
pub(crate) struct Fragment<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// What to add to an offset in `text` to make a place in the file (or in the scalar around it).
    pub(crate) base: usize,
    /// The parts of the text that are not known.
    pub(crate) holes: &'a [Hole],
    /// The scalar whose decoded value the text is.
    pub(crate) within: Option<Arc<Placement>>,
}

impl<'a> Fragment<'a> {
    /// The text of a file; a byte order mark is skipped.
    pub(crate) fn of_file(source: &'a Source) -> Self {
        let base = source.bom_len();
        Fragment { text: &source.text()[base..], base, holes: &[], within: None }
    }

    /// The holes within a range, counted from its start.
    fn holes_in(&self, range: Range<usize>) -> Vec<Hole> {
        let first = self.holes.partition_point(|hole| hole.range.start < range.start);
        let inside = self.holes[first..].iter().take_while(|hole| hole.range.end <= range.end);
        inside
            .map(|hole| Hole { range: hole.range.start - range.start..hole.range.end - range.start, kind: hole.kind })
            .collect()
    }
}

/// Reads the documents of a text.
pub(crate) fn parse<'a>(language: Language, fragment: &Fragment<'a>) -> Result<Vec<Node<'a>>, SyntaxError> {
    if fragment.text.len() > TEXT_MAX {
        return Err(SyntaxError::new(fragment.base, "the text is longer than 2 GiB"));
    }
    match language {
        Language::Json => json::parse(fragment, json::Dialect::Standard).map(|node| vec![node]),
        Language::JsonWithComments => json::parse(fragment, json::Dialect::WithComments).map(|node| vec![node]),
        Language::Dockerfile => Ok(vec![dockerfile::parse(fragment)]),
        Language::Yaml => yaml::parse(fragment),
        Language::Hcl => hcl::parse(fragment).map(|node| vec![node]),
        Language::Toml => toml::parse(fragment).map(|node| vec![node]),
        #[cfg(feature = "cdk-source")]
        Language::TypeScript | Language::Tsx | Language::Python | Language::Java | Language::Go => {
            program::parse(language, fragment).map(|node| vec![node])
        }
        #[cfg(feature = "cdk-source-csharp")]
        Language::CSharp => program::parse(language, fragment).map(|node| vec![node]),
    }
}

/// Reads the documents of a file in a language, whatever its name says: YAML may have several, the others have one.
///
/// # Errors
///
/// [`SyntaxError`] says where and why the text is not in this language.
///
/// ```
/// use ecrewrite::Source;
/// use ecrewrite::syntax::{Language, documents};
///
/// let source = Source::new("a.yaml", "image: nginx:1.27\n---\nimage: redis:7\n");
/// let documents = documents(Language::Yaml, &source)?;
/// let image = documents[1].get("image").expect("it has one");
/// assert_eq!((image.text(), image.span().range()), (Some("redis:7"), 29..36));
/// # Ok::<(), ecrewrite::syntax::SyntaxError>(())
/// ```
pub fn documents(language: Language, source: &Source) -> Result<Vec<Node<'_>>, SyntaxError> {
    parse(language, &Fragment::of_file(source))
}

/// Why a text is not in its language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// The byte at which reading stopped, in the file.
    pub offset: usize,
    /// What was wrong there, without a place.
    pub message: String,
    /// Whether it is something that other programs would take.
    pub kind: SyntaxErrorKind,
}

/// Kinds of [`SyntaxError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// Not in the language.
    Invalid,
    /// JSON but for comments.
    Comments,
    /// A template that another program renders first.
    Template,
}

impl SyntaxError {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        SyntaxError { offset, message: message.into(), kind: SyntaxErrorKind::Invalid }
    }

    /// A text that is a template, and cannot be read before it is rendered.
    pub(crate) fn template(offset: usize) -> Self {
        let message = "a template that cannot be read before it is rendered".to_owned();
        SyntaxError { offset, message, kind: SyntaxErrorKind::Template }
    }

    /// The same error, as one of a template if the text has the marks of one.
    fn or_template(mut self, text: &str) -> Self {
        if self.kind == SyntaxErrorKind::Invalid && template::has_actions(text) {
            self.kind = SyntaxErrorKind::Template;
        }
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}
