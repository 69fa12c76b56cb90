//! Values without parts: their text, what of it is not known, and where it lies in the file.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::interpolation::template_holes;
use super::{Fragment, Kind, Language, Node, Placement, Style, SyntaxError, hcl, parse};
use crate::source::Span;

/// A value without parts: its decoded text, and where that lies in the file.
#[derive(Debug, Clone)]
pub struct Scalar<'a>(Form<'a>);

/// A document has many scalars, and nearly all are [`Form::Simple`]: how large that is decides how much memory a tree takes.
#[derive(Debug, Clone)]
enum Form<'a> {
    /// The text stands in the file as it is from the byte `content` on, within the quotes that its style has; there is no
    /// hole, and no text around it.
    Simple { value: &'a str, content: u32, style: Style },
    /// Whatever else.
    Whole(Box<Whole<'a>>),
}

#[derive(Debug, Clone)]
struct Whole<'a> {
    value: Cow<'a, str>,
    holes: Vec<Hole>,
    placement: Placement,
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

impl<'a> Scalar<'a> {
    /// A text with the ranges of it that are not known, in their order, and the place of it.
    pub(crate) fn new(value: impl Into<Cow<'a, str>>, holes: Vec<Hole>, placement: Placement) -> Self {
        let value = value.into();
        if let (Cow::Borrowed(value), []) = (&value, holes.as_slice())
            && let Some(content) = placement.content().filter(|at| placement == simple(value, *at, placement.style()))
            && let Ok(content) = u32::try_from(content)
        {
            return Scalar(Form::Simple { value, content, style: placement.style() });
        }
        Scalar(Form::Whole(Box::new(Whole { value, holes, placement })))
    }

    /// The text after decoding. A hole stands in it as it is written.
    pub fn value(&self) -> &str {
        match &self.0 {
            Form::Simple { value, .. } => value,
            Form::Whole(whole) => &whole.value,
        }
    }

    /// The text, without the rest.
    pub fn into_value(self) -> Cow<'a, str> {
        match self.0 {
            Form::Simple { value, .. } => Cow::Borrowed(value),
            Form::Whole(whole) => whole.value,
        }
    }

    /// The ranges of the text that are not known: variables, template expressions. Sorted.
    pub fn holes(&self) -> &[Hole] {
        match &self.0 {
            Form::Simple { .. } => &[],
            Form::Whole(whole) => &whole.holes,
        }
    }

    /// Where the text lies in the file.
    pub fn placement(&self) -> Cow<'_, Placement> {
        match &self.0 {
            Form::Simple { value, content, style } => Cow::Owned(simple(value, *content as usize, *style)),
            Form::Whole(whole) => Cow::Borrowed(&whole.placement),
        }
    }

    /// The same text with other ranges of it not known.
    #[must_use]
    pub(crate) fn with_holes(self, holes: Vec<Hole>) -> Self {
        let placement = self.placement().into_owned();
        Scalar::new(self.into_value(), holes, placement)
    }
}

/// The place of a text that stands in its file as it is, within the quotes of its style.
fn simple(value: &str, content: usize, style: Style) -> Placement {
    let quote = usize::from(matches!(style, Style::DoubleQuoted | Style::SingleQuoted | Style::HclQuoted));
    let span = Span::new(content.saturating_sub(quote), content + value.len() + quote);
    Placement::verbatim(span, content, style, None)
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
        let within = Arc::new(self.placement().into_owned());
        parse(language, &Fragment { text: self.value(), base: 0, holes: self.holes(), within: Some(within) })
    }

    /// The expression that the whole text is: `${jsonencode([…])}`, as Terraform's JSON syntax writes it.
    pub fn expression(&self) -> Option<Node<'_>> {
        let text = self.value();
        let inner = text.strip_prefix("${")?.strip_suffix('}')?;
        let whole = matches!(template_holes(text).as_slice(), [hole] if hole.range.len() == text.len());
        let within = Some(Arc::new(self.placement().into_owned()));
        let fragment = Fragment { text: inner, base: "${".len(), holes: &[], within };
        if whole { hcl::parse_expression(&fragment).ok() } else { None }
    }

    /// The text of a value that is named elsewhere, if it is written as one: `"${var.registry}"`. `within` is the text
    /// around it.
    pub fn of_reference(node: &Node<'_>, within: Option<Arc<Placement>>) -> Option<Scalar<'static>> {
        let Kind::Reference(text) = node.kind else { return None };
        let hole = Hole { range: 0..text.len(), kind: HoleKind::Value };
        let span = node.span();
        let is_quoted = text.starts_with("${") && span.len() == text.len() + 2;
        let placement = Placement::verbatim(span, span.start + 1, Style::HclQuoted, within);
        is_quoted.then(|| Scalar::new(text.to_owned(), vec![hole], placement))
    }

    /// The same text, which Terraform reads as a template: Terraform's JSON syntax does not mark its expressions.
    #[must_use]
    pub fn as_hcl_template(&self) -> Cow<'_, Self> {
        match self.holes().is_empty() && self.value().contains("${") {
            true => Cow::Owned(self.clone().with_holes(template_holes(self.value()))),
            false => Cow::Borrowed(self),
        }
    }

    /// A part of the text, as a scalar of its own.
    pub fn slice(&self, range: Range<usize>) -> Scalar<'static> {
        let inside = self.holes().iter().filter(|hole| range.start <= hole.range.start && hole.range.end <= range.end);
        let moved =
            |hole: &Hole| Hole { range: hole.range.start - range.start..hole.range.end - range.start, kind: hole.kind };
        let value = self.value()[range.clone()].to_owned();
        Scalar::new(value, inside.map(moved).collect(), self.placement().slice(range))
    }

    /// The same text, free of the text it was borrowed from.
    pub fn into_owned(self) -> Scalar<'static> {
        let (holes, placement) = (self.holes().to_vec(), self.placement().into_owned());
        Scalar::new(self.into_value().into_owned(), holes, placement)
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
                holes.extend(scalar.holes().iter().map(moved));
                placements.push((shift, scalar.value().len(), scalar.placement()));
            }
            value.push_str(text);
        }
        Scalar::new(value, holes, Placement::concat(&placements, span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Entry;

    #[test]
    fn trees_are_small() {
        assert_eq!([size_of::<Scalar<'_>>(), size_of::<Node<'_>>(), size_of::<Entry<'_>>()], [24, 40, 64]);
    }

    #[test]
    fn what_is_simple_says_where_it_lies() {
        let rows = [
            ("a", Style::Plain, 5..6, 5),
            ("a", Style::DoubleQuoted, 4..7, 5),
            ("", Style::SingleQuoted, 4..6, 5),
            ("a", Style::HclQuoted, 4..7, 5),
            ("a\n", Style::Heredoc, 0..12, 5),
            // TOML's quotes without escapes.
            ("a", Style::Plain, 4..7, 5),
        ];
        for (value, style, span, content) in rows {
            let placement = Placement::verbatim(span.into(), content, style, None);
            let scalar = Scalar::new(value, Vec::new(), placement.clone());
            assert_eq!((scalar.value(), scalar.placement().as_ref()), (value, &placement));
        }
    }
}
