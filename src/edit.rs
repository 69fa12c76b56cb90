//! Changes to a text: which bytes become which text, and nothing else.

use std::fmt;

use crate::source::Span;

/// One replacement: the bytes of `span` become `text`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// The bytes that go, in the file as it was read.
    pub span: Span,
    /// What stands there afterwards, as it is written in the file (escaped).
    pub text: String,
}

/// How far a change can be trusted. Ordered: a mode is a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Applicability {
    /// For reading only.
    Display,
    /// Right only if something beside the reference is as we suppose, or is changed as well.
    Unsafe,
    /// A literal reference in a known place; only registry and repository prefix change.
    Safe,
}

impl Applicability {
    /// Its name in reports: `display`, `unsafe`, `safe`.
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// Edits that belong together: all are made, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// In the order of the file, not overlapping.
    pub edits: Vec<Edit>,
    /// How far the change can be trusted.
    pub applicability: Applicability,
}

/// Edits that cannot be made together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplyError {
    /// Two different edits want the same bytes.
    Overlap(Span, Span),
    /// An edit does not lie on character boundaries within the text.
    OutOfText(Span),
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApplyError::Overlap(a, b) => {
                write!(f, "the edits of bytes {}..{} and {}..{} overlap", a.start, a.end, b.start, b.end)
            }
            ApplyError::OutOfText(span) => {
                write!(f, "the edit of bytes {}..{} does not lie in the text", span.start, span.end)
            }
        }
    }
}

impl std::error::Error for ApplyError {}

/// The text with the edits made; every byte outside their spans is copied.
///
/// The order of the edits does not matter, and equal edits count once.
///
/// # Errors
///
/// [`ApplyError`] if two different edits touch the same bytes (two insertions at one place included) or one leaves the text.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Result<String, ApplyError> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort();
    edits.dedup();
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut copied = 0;
    let mut last: Option<Span> = None;
    for edit in edits {
        if let Some(last) = last
            && (edit.span.start < last.end || edit.span.start == last.start)
        {
            return Err(ApplyError::Overlap(last, edit.span));
        }
        let kept = text.get(copied..edit.span.start).ok_or(ApplyError::OutOfText(edit.span))?;
        text.get(edit.span.range()).ok_or(ApplyError::OutOfText(edit.span))?;
        out.push_str(kept);
        out.push_str(&edit.text);
        copied = edit.span.end;
        last = Some(edit.span);
    }
    out.push_str(&text[copied..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.into() }
    }

    #[test]
    fn order_does_not_matter_and_equal_edits_count_once() {
        let edits = [edit(4, 5, "E"), edit(0, 1, "AA"), edit(4, 5, "E"), edit(2, 2, "+")];
        assert_eq!(apply("abcde", &edits).unwrap(), "AAb+cdE");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        assert!(matches!(apply("abcde", &[edit(0, 3, "x"), edit(2, 4, "y")]), Err(ApplyError::Overlap(..))));
        assert!(matches!(apply("abcde", &[edit(2, 2, "x"), edit(2, 2, "y")]), Err(ApplyError::Overlap(..))));
    }

    #[test]
    fn edits_outside_the_text_are_refused() {
        assert!(matches!(apply("é", &[edit(1, 2, "x")]), Err(ApplyError::OutOfText(_))));
        assert!(matches!(apply("é", &[edit(2, 9, "x")]), Err(ApplyError::OutOfText(_))));
    }
}
