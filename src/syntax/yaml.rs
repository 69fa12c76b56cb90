//! YAML: the events of `granit-parser` built into nodes, and the escapes of its scalars traced to their bytes.
//!
//! The parser gives values and spans. How a value came from its bytes is worked out here, and trusted only where it gives
//! the parser's value.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle};

use super::placement::Mapping;
use super::{Alias, Entry, Fragment, Hole, Kind, Node, Placement, Scalar, Style, SyntaxError, SyntaxErrorKind};
use crate::source::Span;

/// Reads every document.
pub(super) fn parse<'a>(fragment: &Fragment<'a>) -> Result<Vec<Node<'a>>, SyntaxError> {
    let masked = mask(fragment);
    let options = granit_parser::options! { emit_unresolved_aliases: true, simple_key_max_lookahead: 64 * 1024 };
    let mut builder = Builder { fragment, open: Vec::new(), documents: Vec::new() };
    for event in Parser::new_from_str_with_options(&masked, options) {
        let (event, span) = event.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or(0).min(masked.len());
            let mut message = error.info();
            if message == "recursion limit exceeded" {
                message = "the nesting is too deep".to_owned();
            }
            SyntaxError::new(fragment.base + offset, message).or_template(fragment.text)
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        builder.event(event, range)?;
    }
    Ok(builder.documents)
}

/// The text with its holes filled by letters, and its directives by spaces: of the same length, and YAML.
fn mask<'a>(fragment: &Fragment<'a>) -> Cow<'a, str> {
    if fragment.holes.is_empty() {
        return Cow::Borrowed(fragment.text);
    }
    let mut masked = String::with_capacity(fragment.text.len());
    for hole in fragment.holes {
        masked.push_str(&fragment.text[masked.len()..hole.range.start]);
        // A hole that has a line of its own becomes lines, not a value; a directive within a word is part of it.
        let filler = match hole.kind {
            super::HoleKind::Value if !has_own_line(fragment.text, &hole.range) => 'x',
            super::HoleKind::Directive if is_in_word(fragment.text, &hole.range) => 'x',
            _ => ' ',
        };
        masked.extend(fragment.text[hole.range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { filler }));
    }
    masked.push_str(&fragment.text[masked.len()..]);
    Cow::Owned(masked)
}

fn has_own_line(text: &str, hole: &std::ops::Range<usize>) -> bool {
    let told = |character: &char| *character == '\n' || !character.is_whitespace();
    let ends = |character: Option<char>| character.is_none_or(|character| character == '\n');
    ends(text[..hole.start].chars().rev().find(told)) && ends(text[hole.end..].chars().find(told))
}

fn is_in_word(text: &str, hole: &std::ops::Range<usize>) -> bool {
    let touches = |character: Option<char>| character.is_some_and(|character| !character.is_whitespace());
    touches(text[..hole.start].chars().next_back()) || touches(text[hole.end..].chars().next())
}

struct Builder<'f, 'a> {
    fragment: &'f Fragment<'a>,
    open: Vec<Open<'a>>,
    documents: Vec<Node<'a>>,
}

/// A collection whose end has not come yet.
struct Open<'a> {
    start: usize,
    tag: Option<String>,
    anchor: Option<usize>,
    content: Content<'a>,
}

enum Content<'a> {
    Sequence(Vec<Node<'a>>),
    /// With the key whose value comes next.
    Mapping(Vec<Entry<'a>>, Option<Cow<'a, str>>),
}

impl<'a> Builder<'_, 'a> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Result<(), SyntaxError> {
        let anchor = event.anchor_id().filter(|id| *id > 0);
        let tag = event.tag().map(granit_parser::Tag::original);
        match event {
            Event::MappingStart(..) => {
                if self.fragment.holes.is_empty() && self.fragment.text[range.start..].starts_with("{{") {
                    let error = SyntaxError::new(self.fragment.base + range.start, "`{{` outside quotes is a template");
                    return Err(SyntaxError { kind: SyntaxErrorKind::Template, ..error });
                }
                self.start(range.start, tag, anchor, Content::Mapping(Vec::new(), None));
            }
            Event::SequenceStart(..) => self.start(range.start, tag, anchor, Content::Sequence(Vec::new())),
            Event::MappingEnd | Event::SequenceEnd => self.end(range.end),
            Event::Scalar(value, style, ..) => {
                let span = Span::new(self.fragment.base + range.start, self.fragment.base + range.end);
                let scalar = self.scalar(&value, style, range, span);
                self.push(Node::with_properties(span, tag, anchor, Kind::Scalar(scalar)));
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let id = event.alias_id();
                let span = Span::new(self.fragment.base + range.start, self.fragment.base + range.end);
                let written = self.fragment.text.get(range).unwrap_or_default();
                self.push(Node::with_properties(span, tag, None, Kind::Alias(Box::new(Alias { anchor: id, written }))));
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, start: usize, tag: Option<String>, anchor: Option<usize>, content: Content<'a>) {
        self.open.push(Open { start, tag, anchor, content });
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.content {
            Content::Sequence(nodes) => Kind::Sequence(nodes.into()),
            Content::Mapping(entries, _) => Kind::Mapping(entries.into()),
        };
        let base = self.fragment.base;
        let span = Span::new(base + open.start, base + end.max(open.start));
        self.push(Node::with_properties(span, open.tag, open.anchor, kind));
    }

    fn push(&mut self, node: Node<'a>) {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(node),
            Some(Content::Sequence(nodes)) => nodes.push(node),
            Some(Content::Mapping(entries, key)) => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => {
                    *key = Some(match node.kind {
                        Kind::Scalar(scalar) => scalar.into_value(),
                        _ => Cow::Borrowed(""),
                    });
                }
            },
        }
    }

    fn scalar(&self, value: &str, style: ScalarStyle, range: std::ops::Range<usize>, span: Span) -> Scalar<'a> {
        let text = self.fragment.text;
        let raw: &'a str = text.get(range.clone()).unwrap_or_default();
        let within = self.fragment.within.clone();
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let own = match style {
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Plain => Style::Plain,
            _ => Style::Block,
        };
        let inside = if quoted { range.start + 1..range.end.saturating_sub(1).max(range.start + 1) } else { range };
        let content: &'a str = text.get(inside.clone()).unwrap_or_default();
        let base = self.fragment.base + inside.start;
        let masked = !self.fragment.holes.is_empty();
        if value == content || (masked && is_single_line(content, own)) {
            let placement = Placement::verbatim(span, base, own, within);
            return Scalar::new(content, self.fragment.holes_in(inside), placement);
        }
        let holes = self.fragment.holes_in(inside);
        if !holes.is_empty() {
            // The parser saw the filler. Which words are literal cannot be told across folds and escapes: none is.
            let placement = Placement::mapped(span, own, Mapping::default(), within);
            let whole = Hole { range: 0..content.len(), kind: super::HoleKind::Value };
            return Scalar::new(content, vec![whole], placement);
        }
        let map = match own {
            Style::DoubleQuoted => unescape(content, base).filter(|(decoded, _)| decoded == value).map(|(_, map)| map),
            Style::SingleQuoted => unquote(content, base).filter(|(decoded, _)| decoded == value).map(|(_, map)| map),
            _ => None,
        };
        let map = map.or_else(|| Mapping::of_words(value, if quoted { content } else { raw }, base));
        // An empty scalar has the parser's spelling of null as its value, and no bytes.
        let value = if raw.is_empty() { String::new() } else { value.to_owned() };
        let placement = Placement::mapped(span, own, map.unwrap_or_default(), within);
        Scalar::new(value, Vec::new(), placement)
    }
}

/// Text with holes whose bytes are its value but for the mask.
fn is_single_line(content: &str, style: Style) -> bool {
    let escape = match style {
        Style::DoubleQuoted => '\\',
        Style::SingleQuoted => '\'',
        _ => '\n',
    };
    !content.contains([escape, '\n']) && style != Style::Block
}

/// What single quotes hold, on one line.
fn unquote(raw: &str, base: usize) -> Option<(String, Mapping)> {
    let mut value = String::with_capacity(raw.len());
    let mut map = Mapping::default();
    let mut from = 0;
    while let Some(at) = raw[from..].find("''").map(|at| from + at) {
        map.same(value.len(), base + from, at - from);
        value.push_str(&raw[from..at]);
        map.escape(value.len(), 1, base + at, 2);
        value.push('\'');
        from = at + 2;
    }
    map.same(value.len(), base + from, raw.len() - from);
    value.push_str(&raw[from..]);
    (!raw.contains('\n')).then_some((value, map))
}

/// What double quotes hold, on one line.
fn unescape(raw: &str, base: usize) -> Option<(String, Mapping)> {
    let mut value = String::with_capacity(raw.len());
    let mut map = Mapping::default();
    let mut from = 0;
    while let Some(at) = raw[from..].find('\\').map(|at| from + at) {
        map.same(value.len(), base + from, at - from);
        value.push_str(&raw[from..at]);
        let (character, length) = escape(&raw[at..])?;
        map.escape(value.len(), character.len_utf8(), base + at, length);
        value.push(character);
        from = at + length;
    }
    map.same(value.len(), base + from, raw.len() - from);
    value.push_str(&raw[from..]);
    (!raw.contains('\n')).then_some((value, map))
}

/// The character of an escape (YAML 1.2, section 5.7) and how many bytes it takes.
fn escape(raw: &str) -> Option<(char, usize)> {
    let letter = raw[1..].chars().next()?;
    let hexadecimal = |digits: usize| {
        let code = raw.get(2..2 + digits)?;
        Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, 2 + digits))
    };
    let simple = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hexadecimal(2),
        'u' => return hexadecimal(4),
        'U' => return hexadecimal(8),
        _ => return None,
    };
    Some((simple, 2))
}
