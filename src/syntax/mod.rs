//! Text to tree: JSON, YAML and HCL become the same [`Node`]s, whose scalars know their bytes in the file.
//!
//! Knows no images. What a tree means is [`schema`](crate::schema)'s business.

mod dockerfile;
mod hcl;
mod json;
mod placement;
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
pub use scopes::{Scope, Scopes};

/// How deep mappings, sequences and expressions may nest before a file is refused.
const DEPTH_MAX: usize = 250;

/// A language that text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
}

/// A value of a document, with its bytes.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// The bytes of the value, without tag and anchor, in the text that was parsed.
    pub span: Span,
    /// The YAML tag as written: `!Sub`.
    pub tag: Option<String>,
    /// The YAML anchor on it, by a number unique in its file.
    pub anchor: Option<usize>,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub enum Kind<'a> {
    /// Keys and values in the order of the file, duplicates included. HCL blocks are nested mappings, as in Terraform's
    /// JSON syntax: `resource "a" "b" {}` is `resource: {a: {b: {}}}`.
    Mapping(Vec<Entry<'a>>),
    /// A list.
    Sequence(Vec<Node<'a>>),
    /// A string, number, boolean or null.
    Scalar(Scalar<'a>),
    /// A YAML alias as written, with the number of its anchor (none if there is no such anchor).
    Alias(Option<usize>, &'a str),
    /// A function called, with its arguments.
    Call(String, Vec<Node<'a>>),
    /// One of these is the value: the arms of a conditional.
    Choice(Vec<Node<'a>>),
    /// A value computed from these, none of which is the value itself.
    Computed(Vec<Node<'a>>),
    /// A value named elsewhere, as written: `var.image`.
    Reference(&'a str),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The key as text. A key that is not a scalar has the empty text.
    pub key: Cow<'a, str>,
    /// The value.
    pub value: Node<'a>,
}

/// A value without parts: its decoded text, and where that lies in the file.
#[derive(Debug, Clone)]
pub struct Scalar<'a> {
    /// The text after decoding. A hole stands in it as it is written.
    pub value: Cow<'a, str>,
    /// The ranges of `value` that are not known: variables, template expressions. Sorted.
    pub holes: Vec<Hole>,
    /// Where `value` lies in the file.
    pub placement: Placement,
}

/// A part of a text that something else fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The bytes of the text, delimiters included.
    pub range: Range<usize>,
    /// Whether it becomes a value, or only directs what follows (`%{ if … }`).
    pub kind: HoleKind,
}

/// What a [`Hole`] becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoleKind {
    /// Text.
    Value,
    /// Nothing by itself: a condition or a loop around what follows.
    Directive,
}

impl<'a> Node<'a> {
    fn new(span: Span, kind: Kind<'a>) -> Self {
        Node { span, tag: None, anchor: None, kind }
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
        self.scalar().map(|scalar| scalar.value.as_ref())
    }

    /// The nodes right below it, whatever it is.
    pub fn children(&self) -> Vec<&Node<'a>> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
            Kind::Sequence(nodes) | Kind::Call(_, nodes) | Kind::Choice(nodes) | Kind::Computed(nodes) => {
                nodes.iter().collect()
            }
            Kind::Scalar(_) | Kind::Alias(..) | Kind::Reference(_) => Vec::new(),
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
            Kind::Sequence(nodes) | Kind::Call(_, nodes) | Kind::Choice(nodes) | Kind::Computed(nodes) => {
                nodes.iter().for_each(|node| node.scalars(visit));
            }
            Kind::Scalar(_) | Kind::Alias(..) | Kind::Reference(_) => {}
        }
    }
}

impl Scalar<'_> {
    /// The documents inside the text, read as this language. Their scalars still know their bytes in the file.
    ///
    /// The callback gets the documents, since they borrow from this scalar.
    ///
    /// # Errors
    ///
    /// [`SyntaxError`] in the text, at an offset of the text.
    pub fn embedded(&self, language: Language) -> Result<Vec<Node<'_>>, SyntaxError> {
        let within = Arc::new(self.placement.clone());
        parse(language, &Fragment { text: &self.value, base: 0, holes: &self.holes, within: Some(within) })
    }

    /// The expression that the whole text is: `${jsonencode([…])}`, as Terraform's JSON syntax writes it.
    pub fn expression(&self) -> Option<Node<'_>> {
        let inner = self.value.strip_prefix("${")?.strip_suffix('}')?;
        let whole =
            matches!(hcl::template_holes(&self.value).as_slice(), [hole] if hole.range.len() == self.value.len());
        let within = Some(Arc::new(self.placement.clone()));
        let fragment = Fragment { text: inner, base: "${".len(), holes: &[], within };
        if whole { hcl::parse_expression(&fragment).ok() } else { None }
    }

    /// The text of a value that is named elsewhere, if it is written as one: `"${var.registry}"`. `within` is the text
    /// around it.
    pub fn of_reference(node: &Node<'_>, within: Option<Arc<Placement>>) -> Option<Scalar<'static>> {
        let Kind::Reference(text) = node.kind else { return None };
        let hole = Hole { range: 0..text.len(), kind: HoleKind::Value };
        let is_quoted = text.starts_with("${") && node.span.end - node.span.start == text.len() + 2;
        let placement = Placement::verbatim(node.span, node.span.start + 1, Style::HclQuoted, within);
        is_quoted.then(|| Scalar { value: Cow::Owned(text.to_owned()), holes: vec![hole], placement })
    }

    /// The same text, which Terraform reads as a template: Terraform's JSON syntax does not mark its expressions.
    #[must_use]
    pub fn as_hcl_template(&self) -> Cow<'_, Self> {
        match self.holes.is_empty() && self.value.contains("${") {
            true => Cow::Owned(Scalar { holes: hcl::template_holes(&self.value), ..self.clone() }),
            false => Cow::Borrowed(self),
        }
    }

    /// A part of the text, as a scalar of its own.
    pub fn slice(&self, range: Range<usize>) -> Scalar<'static> {
        let inside = self.holes.iter().filter(|hole| range.start <= hole.range.start && hole.range.end <= range.end);
        let moved =
            |hole: &Hole| Hole { range: hole.range.start - range.start..hole.range.end - range.start, kind: hole.kind };
        Scalar {
            value: Cow::Owned(self.value[range.clone()].to_owned()),
            holes: inside.map(moved).collect(),
            placement: self.placement.slice(range),
        }
    }

    /// The same text, free of the text it was borrowed from.
    pub fn into_owned(self) -> Scalar<'static> {
        Scalar { value: Cow::Owned(self.value.into_owned()), holes: self.holes, placement: self.placement }
    }

    /// The texts one after the other, as one text: what `Fn::Join` makes of its list. A part that is `None` is text
    /// which stands nowhere in the file.
    pub fn concat(parts: &[(Option<&Scalar<'_>>, &str)], span: Span) -> Scalar<'static> {
        let mut value = String::new();
        let mut holes = Vec::new();
        let mut placements = Vec::new();
        for (scalar, text) in parts {
            if let Some(scalar) = scalar {
                let shift = value.len();
                let moved =
                    |hole: &Hole| Hole { range: hole.range.start + shift..hole.range.end + shift, kind: hole.kind };
                holes.extend(scalar.holes.iter().map(moved));
                placements.push((shift, scalar.value.len(), &scalar.placement));
            }
            value.push_str(text);
        }
        Scalar { value: Cow::Owned(value), holes, placement: Placement::concat(&placements, span) }
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
    match language {
        Language::Json => json::parse(fragment, json::Dialect::Standard).map(|node| vec![node]),
        Language::JsonWithComments => json::parse(fragment, json::Dialect::WithComments).map(|node| vec![node]),
        Language::Dockerfile => Ok(vec![dockerfile::parse(fragment)]),
        Language::Yaml => yaml::parse(fragment),
        Language::Hcl => hcl::parse(fragment).map(|node| vec![node]),
        Language::Toml => toml::parse(fragment).map(|node| vec![node]),
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
/// assert_eq!((image.text(), image.span.range()), (Some("redis:7"), 29..36));
/// # Ok::<(), ecrewrite::syntax::SyntaxError>(())
/// ```
pub fn documents(language: Language, source: &Source) -> Result<Vec<Node<'_>>, SyntaxError> {
    parse(language, &Fragment::of_file(source))
}

/// Why a text is not in its language.
#[derive(Debug, Clone, PartialEq, Eq)]
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
