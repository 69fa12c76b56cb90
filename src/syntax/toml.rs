//! TOML: the tables and arrays of `toml_edit` built into nodes, read only.
//!
//! The parser gives structure and spans. The text of strings and its bytes are read here, from the source itself.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::placement::Mapping;
use super::{Entry, Fragment, Kind, Node, Placement, Scalar, Style, SyntaxError};
use crate::source::Span;

/// Reads one document.
pub(super) fn parse<'a>(fragment: &Fragment<'a>) -> Result<Node<'a>, SyntaxError> {
    let document = Document::parse(fragment.text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        SyntaxError::new(fragment.base + offset, error.message().lines().next().unwrap_or_default())
    })?;
    Ok(Reader { fragment }.table(document.as_table(), 0..fragment.text.len()))
}

struct Reader<'f, 'a> {
    fragment: &'f Fragment<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn node(&self, range: Range<usize>, kind: Kind<'a>) -> Node<'a> {
        Node::new(Span::new(self.fragment.base + range.start, self.fragment.base + range.end), kind)
    }

    fn table(&self, table: &Table, range: Range<usize>) -> Node<'a> {
        self.entries(table, table.span().unwrap_or(range))
    }

    fn entries(&self, table: &dyn TableLike, range: Range<usize>) -> Node<'a> {
        let entry =
            |(key, item): (&str, &Item)| Some(Entry { key: Cow::Owned(key.to_owned()), value: self.item(item)? });
        let entries: Vec<_> = table.iter().filter_map(entry).collect();
        self.node(range, Kind::Mapping(entries.into()))
    }

    fn item(&self, item: &Item) -> Option<Node<'a>> {
        let range = item.span().unwrap_or(0..0);
        Some(match item {
            Item::None => return None,
            Item::Value(value) => self.value(value),
            Item::Table(table) => self.table(table, range),
            Item::ArrayOfTables(tables) => {
                let tables = tables.iter().map(|table| self.table(table, range.clone())).collect();
                self.node(range, Kind::Sequence(tables))
            }
        })
    }

    fn value(&self, value: &Value) -> Node<'a> {
        let range = value.span().unwrap_or(0..0);
        let kind = match value {
            Value::Array(array) => Kind::Sequence(array.iter().map(|value| self.value(value)).collect()),
            Value::InlineTable(table) => return self.entries(table, range),
            Value::String(text) => Kind::Scalar(self.string(text.value(), range.clone())),
            _ => {
                let raw = self.fragment.text.get(range.clone()).unwrap_or_default();
                Kind::Scalar(self.scalar(Cow::Borrowed(raw), range.clone(), |span, within| {
                    Placement::verbatim(span, span.start, Style::Plain, within)
                }))
            }
        };
        self.node(range, kind)
    }

    fn scalar(
        &self,
        value: Cow<'a, str>,
        range: Range<usize>,
        place: impl FnOnce(Span, Option<std::sync::Arc<Placement>>) -> Placement,
    ) -> Scalar<'a> {
        let span = Span::new(self.fragment.base + range.start, self.fragment.base + range.end);
        Scalar::new(value, self.fragment.holes_in(range), place(span, self.fragment.within.clone()))
    }

    /// A string of one line is read with its escapes; one of several is shown, and stays.
    fn string(&self, value: &str, range: Range<usize>) -> Scalar<'a> {
        let raw: &'a str = self.fragment.text.get(range.clone()).unwrap_or_default();
        let base = self.fragment.base + range.start + 1;
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if raw.starts_with("\"\"\"") || raw.starts_with("'''") {
            return self.scalar(Cow::Owned(value.to_owned()), range, Placement::unplaced);
        }
        let style = if raw.starts_with('"') { Style::DoubleQuoted } else { Style::Plain };
        if style == Style::Plain || !inside.contains('\\') {
            return self
                .scalar(Cow::Borrowed(inside), range, |span, within| Placement::verbatim(span, base, style, within));
        }
        let map = map_escapes(value, inside, base);
        self.scalar(Cow::Owned(value.to_owned()), range, |span, within| Placement::mapped(span, style, map, within))
    }
}

/// Which bytes each character of a string comes from, whose escapes the parser has read.
fn map_escapes(value: &str, raw: &str, base: usize) -> Mapping {
    let mut map = Mapping::default();
    let mut at = 0;
    for (start, character) in value.char_indices() {
        let length = match raw[at..].strip_prefix('\\').and_then(|rest| rest.bytes().next()) {
            None => character.len_utf8(),
            Some(b'u') => "\\u0000".len(),
            Some(b'U') => "\\U00000000".len(),
            Some(b'x') => "\\x00".len(),
            Some(_) => "\\n".len(),
        };
        if length == character.len_utf8() && !raw[at..].starts_with('\\') {
            map.same(start, base + at, length);
        } else {
            map.escape(start, character.len_utf8(), base + at, length);
        }
        at = (at + length).min(raw.len());
    }
    map
}
