//! Strings of programs: what they say, where that stands, and what is filled in.

use tree_sitter::Node as Syntax;

use super::Reader;
use super::shape::children;
use crate::syntax::placement::Mapping;
use crate::syntax::{Hole, HoleKind, Placement, Scalar, Style};

/// A part of a string that does not say itself.
struct Part {
    start: usize,
    end: usize,
    /// What it says; `None` if that is filled in.
    says: Option<String>,
}

impl<'a> Reader<'a> {
    /// What a string says.
    pub(super) fn scalar(&self, node: Syntax<'_>, opening: usize, closing: usize) -> Scalar<'a> {
        let span = self.span(node);
        let start = node.start_byte() + opening;
        let end = node.end_byte().saturating_sub(closing).max(start);
        let mut parts = Vec::new();
        for child in children(node) {
            match child.kind() {
                // Python's grammar has escapes in a part of their own.
                "string_content" => parts.extend(children(child).into_iter().filter_map(|inner| self.part(inner))),
                _ => parts.extend(self.part(child)),
            }
        }
        if parts.iter().all(|part| part.says.is_none()) {
            let hole = |part: &Part| Hole { range: part.start - start..part.end - start, kind: HoleKind::Value };
            let placement = Placement::verbatim(span, self.base + start, Style::Plain, None);
            return Scalar::new(&self.text[start..end], parts.iter().map(hole).collect(), placement);
        }
        let (mut value, mut holes, mut map) = (String::new(), Vec::new(), Mapping::default());
        let mut at = start;
        let copy = |value: &mut String, map: &mut Mapping, from: usize, to: usize| {
            map.same(value.len(), self.base + from, to - from);
            value.push_str(&self.text[from..to]);
        };
        for part in parts {
            copy(&mut value, &mut map, at, part.start);
            match part.says {
                Some(text) => {
                    map.escape(value.len(), text.len(), self.base + part.start, part.end - part.start);
                    value.push_str(&text);
                }
                None => {
                    let range = value.len()..value.len() + part.end - part.start;
                    copy(&mut value, &mut map, part.start, part.end);
                    holes.push(Hole { range, kind: HoleKind::Value });
                }
            }
            at = part.end;
        }
        copy(&mut value, &mut map, at, end);
        Scalar::new(value, holes, Placement::mapped(span, Style::Plain, map, None))
    }

    fn part(&self, node: Syntax<'_>) -> Option<Part> {
        let says = match node.kind() {
            "escape_sequence" => Some(unescaped(self.slice(node))),
            // Two brackets of a Python string with values in it are one.
            "escape_interpolation" => Some(self.slice(node).chars().take(1).collect()),
            "template_substitution" | "interpolation" | "string_interpolation" => None,
            _ => return None,
        };
        Some(Part { start: node.start_byte(), end: node.end_byte(), says })
    }
}

/// What an escape says.
fn unescaped(escape: &str) -> String {
    let rest = escape.strip_prefix('\\').unwrap_or(escape);
    let number = |digits: &str, radix: u32| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let first = rest.chars().next().unwrap_or('\\');
    let said = match first {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'x' | 'u' | 'U' if rest.len() > 1 => number(rest[1..].trim_matches(['u', '{', '}']), 16),
        '0'..='7' => number(rest, 8),
        // The line goes on.
        '\n' | '\r' => return String::new(),
        other => Some(other),
    };
    // What is no character, such as half of one, stands for itself: it is in no reference.
    said.map_or_else(|| escape.to_owned(), String::from)
}
