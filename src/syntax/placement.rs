//! Where the decoded text of a scalar lies in the bytes of its file, and how new text is written there.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::edit::Edit;
use crate::source::Span;

/// How a scalar is written, which decides how text in it is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A string in double quotes: JSON's, and YAML's with its larger set of escapes.
    DoubleQuoted,
    /// YAML in single quotes, and a word of a Dockerfile in them.
    SingleQuoted,
    /// YAML without quotes, and words like numbers and `true` in any language.
    Plain,
    /// A YAML block, literal or folded.
    Block,
    /// An HCL string in quotes.
    HclQuoted,
    /// An HCL heredoc.
    Heredoc,
}

/// A run of decoded text and the bytes it comes from. Where the lengths differ, it is one escape, which is not divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    value: usize,
    value_len: usize,
    raw: usize,
    raw_len: usize,
}

/// Where the decoded text of a scalar lies in its file.
///
/// Text inside text is a chain: the placement of the inner text counts in the decoded text of the outer scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    span: Span,
    style: Style,
    /// Sorted by `value`. Text that no segment covers stands nowhere in the file.
    segments: Segments,
    within: Option<Arc<Placement>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segments {
    /// The text stands in the file as it is, from this byte on.
    Verbatim(usize),
    Mapped(Vec<Segment>),
}

impl Placement {
    /// Text that nothing can be written into: it stands for the bytes of `span`, in some other form.
    pub fn unplaced(span: Span, within: Option<Arc<Placement>>) -> Self {
        Placement { span, style: Style::Plain, segments: Segments::Mapped(Vec::new()), within }
    }

    /// How it is written.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The byte of the file that text without escapes begins at, if there is no text around it.
    pub(super) fn content(&self) -> Option<usize> {
        match self.segments {
            Segments::Verbatim(content) if self.within.is_none() => Some(content),
            _ => None,
        }
    }

    /// The span of the scalar and of each text around it, from the file inwards: no two scalars of a file have the same.
    pub fn chain(&self) -> Vec<Span> {
        let mut chain = self.within.as_ref().map_or_else(Vec::new, |outer| outer.chain());
        chain.push(self.span);
        chain
    }

    /// Text that stands in the file letter by letter from the byte `content` on; `span` is the whole token.
    pub(super) fn verbatim(span: Span, content: usize, style: Style, within: Option<Arc<Placement>>) -> Self {
        Placement { span, style, segments: Segments::Verbatim(content), within }
    }

    /// Text that is decoded from its bytes by escapes.
    pub(super) fn mapped(span: Span, style: Style, map: Mapping, within: Option<Arc<Placement>>) -> Self {
        Placement { span, style, segments: Segments::Mapped(map.segments), within }
    }

    /// The texts of several scalars one after the other: (where it starts, its length, its placement).
    pub(super) fn concat(parts: &[(usize, usize, Cow<'_, Placement>)], span: Span) -> Self {
        let mut segments = Vec::new();
        for (shift, length, part) in parts {
            match &part.segments {
                Segments::Verbatim(raw) => {
                    segments.push(Segment { value: *shift, value_len: *length, raw: *raw, raw_len: *length });
                }
                Segments::Mapped(own) => {
                    segments.extend(own.iter().map(|segment| Segment { value: segment.value + shift, ..*segment }));
                }
            }
        }
        let first = parts.first().map(|part| &part.2);
        Placement {
            span,
            style: first.map_or(Style::Plain, |part| part.style),
            segments: Segments::Mapped(segments),
            // A part that stands nowhere does not know the text around it.
            within: parts.iter().find_map(|part| part.2.within.clone()),
        }
    }

    /// Where a range of the decoded text lies.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let span = self.raw(range.clone()).unwrap_or(self.span);
        let segments = match &self.segments {
            Segments::Verbatim(content) => Segments::Verbatim(content + range.start),
            Segments::Mapped(segments) => {
                Segments::Mapped(segments.iter().filter_map(|own| own.within(&range)).collect())
            }
        };
        Placement { span, style: self.style, segments, within: self.within.clone() }
    }

    /// The bytes of the file that the whole scalar takes, quotes included; where they are not consecutive, from the
    /// first to the last.
    pub fn file_span(&self) -> Span {
        let edge = |at: usize| self.lift(Span::new(at, at));
        let edges = || {
            let (first, last) = (edge(self.span.start)?, edge(self.span.end).or_else(|| edge(self.span.start))?);
            Some(Span::new(first.start, last.end.max(first.start)))
        };
        let outer = || self.within.as_ref().map_or(self.span, |outer| outer.file_span());
        self.lift(self.span).or_else(edges).unwrap_or_else(outer)
    }

    /// The bytes of the file behind a range of the decoded text, if they are consecutive.
    pub fn span_of(&self, range: Range<usize>) -> Option<Span> {
        self.lift(self.raw(range)?)
    }

    /// The change that makes `text` of a range of the decoded text, escaped for this style and each text around it.
    ///
    /// `None` if that cannot be written without touching more than the range.
    pub fn replace(&self, range: Range<usize>, text: &str) -> Option<Edit> {
        let edit = Edit { span: self.raw(range)?, text: self.style.escape(text)? };
        match &self.within {
            None => Some(edit),
            Some(outer) => outer.replace(edit.span.range(), &edit.text),
        }
    }

    /// As [`replace`](Self::replace), where the text has an expression of HCL in it. All text of Terraform is a template
    /// first, whatever it holds: only the outermost text escapes what is written, where it is one of JSON.
    pub fn replace_in_hcl(&self, range: Range<usize>, text: &str) -> Option<Edit> {
        let span = self.raw(range)?;
        let is_hcl = matches!(self.style, Style::HclQuoted | Style::Heredoc);
        match &self.within {
            Some(outer) => outer.replace_in_hcl(span.range(), text),
            None if is_hcl => Some(Edit { span, text: text.to_owned() }),
            None => Some(Edit { span, text: self.style.escape(text)? }),
        }
    }

    /// As [`replace`](Self::replace), where the text is written as it is: something reads it before the language does.
    pub fn replace_as_it_is(&self, range: Range<usize>, text: &str) -> Option<Edit> {
        let span = self.raw(range)?;
        match &self.within {
            None => Some(Edit { span, text: text.to_owned() }),
            Some(outer) => outer.replace_as_it_is(span.range(), text),
        }
    }

    fn lift(&self, span: Span) -> Option<Span> {
        match &self.within {
            None => Some(span),
            Some(outer) => outer.span_of(span.range()),
        }
    }

    /// The bytes behind a range, in the text that this scalar stands in.
    fn raw(&self, range: Range<usize>) -> Option<Span> {
        let segments = match &self.segments {
            Segments::Verbatim(content) => return Some(Span::new(content + range.start, content + range.end)),
            Segments::Mapped(segments) => segments,
        };
        let holding = |at: usize| segments.partition_point(|segment| segment.value + segment.value_len <= at);
        let first = holding(range.start);
        if range.is_empty() {
            return match segments.get(first) {
                Some(segment) => segment.divide(range.start.checked_sub(segment.value)?).map(|raw| Span::new(raw, raw)),
                None => {
                    let last = segments.last().filter(|last| last.value + last.value_len == range.start)?;
                    Some(Span::new(last.raw + last.raw_len, last.raw + last.raw_len))
                }
            };
        }
        let last = holding(range.end - 1);
        let (start, end) = (segments.get(first)?, segments.get(last)?);
        let consecutive = segments[first..=last].windows(2).all(|pair| {
            pair[0].value + pair[0].value_len == pair[1].value && pair[0].raw + pair[0].raw_len == pair[1].raw
        });
        if !consecutive {
            return None;
        }
        let start = start.divide(range.start.checked_sub(start.value)?)?;
        let end = end.divide(range.end.checked_sub(end.value)?)?;
        Some(Span::new(start, end))
    }
}

impl Segment {
    /// What of it lies in a range of the text, counted from the range's start; an escape is whole or not there.
    fn within(&self, range: &Range<usize>) -> Option<Self> {
        let start = self.value.max(range.start);
        let end = (self.value + self.value_len).min(range.end);
        let (raw, raw_end) = (self.divide(start.checked_sub(self.value)?)?, self.divide(end.checked_sub(self.value)?)?);
        (start < end).then(|| Segment {
            value: start - range.start,
            value_len: end - start,
            raw,
            raw_len: raw_end - raw,
        })
    }

    /// The byte at a distance from the start of the text; only the ends of an escape have one.
    fn divide(&self, at: usize) -> Option<usize> {
        match at {
            0 => Some(self.raw),
            _ if at == self.value_len => Some(self.raw + self.raw_len),
            _ if self.value_len == self.raw_len && at < self.value_len => Some(self.raw + at),
            _ => None,
        }
    }
}

impl Style {
    /// The text as it is written in this style, or `None` if the style cannot hold it.
    fn escape(self, text: &str) -> Option<String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/:@+-<>".contains(&byte);
        if text.bytes().all(is_plain) && !text.ends_with(':') {
            return Some(text.to_owned());
        }
        if text.chars().any(char::is_control) {
            return None;
        }
        let double = || text.replace('\\', "\\\\").replace('"', "\\\"");
        let template = |text: String| text.replace("${", "$${").replace("%{", "%%{");
        match self {
            Style::DoubleQuoted => Some(double()),
            Style::SingleQuoted => Some(text.replace('\'', "''")),
            Style::HclQuoted => Some(template(double())),
            Style::Heredoc => Some(template(text.to_owned())),
            Style::Plain | Style::Block => None,
        }
    }
}

/// A placement under construction: which decoded text comes from which bytes.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    segments: Vec<Segment>,
}

impl Mapping {
    /// The next `len` bytes of text stand at `raw` as they are.
    pub(super) fn same(&mut self, value: usize, raw: usize, len: usize) {
        if let Some(last) = self.segments.last_mut()
            && last.value_len == last.raw_len
            && last.value + last.value_len == value
            && last.raw + last.raw_len == raw
        {
            last.value_len += len;
            last.raw_len += len;
        } else if len > 0 {
            self.segments.push(Segment { value, value_len: len, raw, raw_len: len });
        }
    }

    /// The next `value_len` bytes of text are written as an escape of `raw_len` bytes.
    pub(super) fn escape(&mut self, value: usize, value_len: usize, raw: usize, raw_len: usize) {
        if value_len == raw_len {
            self.same(value, raw, value_len);
        } else {
            self.segments.push(Segment { value, value_len, raw, raw_len });
        }
    }

    /// Text whose words stand in `raw` in this order, with other space between them: folded lines, indented blocks.
    ///
    /// `None` if the words differ.
    pub(super) fn of_words(value: &str, raw: &str, base: usize) -> Option<Self> {
        let mut map = Mapping::default();
        let (mut from, mut raw_from) = (0, 0);
        loop {
            let gap = value.len() - from - value[from..].trim_start().len();
            let raw_gap = raw.len() - raw_from - raw[raw_from..].trim_start().len();
            let (space, raw_space) = (&value[from..from + gap], &raw[raw_from..raw_from + raw_gap]);
            if space == raw_space && !space.contains('\n') {
                map.same(from, base + raw_from, gap);
            } else {
                let shared = space.bytes().rev().zip(raw_space.bytes().rev());
                let shared = shared.take_while(|(one, other)| one == other && *one != b'\n').count();
                map.same(from + gap - shared, base + raw_from + raw_gap - shared, shared);
            }
            from += gap;
            raw_from += raw_gap;
            let word = value[from..].find(char::is_whitespace).unwrap_or(value.len() - from);
            if word == 0 {
                return raw[raw_from..].is_empty().then_some(map);
            }
            let text = &value[from..from + word];
            let rest = raw[raw_from..].strip_prefix(text)?;
            if rest.chars().next().is_some_and(|next| !next.is_whitespace()) {
                return None;
            }
            map.same(from, base + raw_from, word);
            from += word;
            raw_from += word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(value: &str, raw: &str) -> Placement {
        let map = Mapping::of_words(value, raw, 0).unwrap();
        Placement::mapped(Span::new(0, raw.len()), Style::Block, map, None)
    }

    #[test]
    fn words_of_an_indented_block() {
        let raw = "  a: x\n    b: y\n";
        let block = placed("a: x\n  b: y\n", raw);
        let at = |text: &str, within: &str| within.find(text).map(|at| at..at + text.len()).unwrap();
        for word in ["a:", "x", "b: y", "  b"] {
            let span = block.span_of(at(word, "a: x\n  b: y\n")).unwrap();
            assert_eq!(&raw[span.range()], word);
        }
        assert_eq!(block.span_of(3..8), None, "a range across lines is not consecutive");
        assert!(Mapping::of_words("a b", "a c", 0).is_none());
        assert!(Mapping::of_words("a b", "ab", 0).is_none());
    }

    #[test]
    fn escapes_are_not_divided() {
        // "a\/b" in JSON
        let mut map = Mapping::default();
        map.same(0, 1, 1);
        map.escape(1, 1, 2, 2);
        map.same(2, 4, 1);
        let placement = Placement::mapped(Span::new(0, 6), Style::DoubleQuoted, map, None);
        assert_eq!(placement.replace(0..1, "xy"), Some(Edit { span: Span::new(1, 2), text: "xy".into() }));
        assert_eq!(placement.span_of(1..2), Some(Span::new(2, 4)));
        assert_eq!(placement.span_of(3..3), Some(Span::new(5, 5)));
    }

    #[test]
    fn text_is_escaped_for_every_layer() {
        let outer = Placement::verbatim(Span::new(10, 30), 11, Style::DoubleQuoted, None);
        let inner = Placement::verbatim(Span::new(2, 8), 3, Style::DoubleQuoted, Some(Arc::new(outer)));
        let edit = inner.replace(0..2, "a\"b").unwrap();
        assert_eq!(edit, Edit { span: Span::new(14, 16), text: "a\\\\\\\"b".into() });
    }
}
