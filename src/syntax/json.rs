//! JSON: a scanner that keeps the bytes of each value.
//!
//! It takes what the standard takes, and in text with holes also what becomes JSON once they are filled.

use super::placement::Mapping;
use super::{
    DEPTH_MAX, Entry, Fragment, Hole, HoleKind, Kind, Node, Placement, Scalar, Style, SyntaxError, SyntaxErrorKind,
};
use crate::source::Span;

/// What is taken beyond the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Nothing.
    Standard,
    /// Comments, and a comma behind the last item: what editors take in their settings.
    WithComments,
}

/// Reads one document.
pub(super) fn parse<'a>(fragment: &Fragment<'a>, dialect: Dialect) -> Result<Node<'a>, SyntaxError> {
    let directed = fragment.holes.iter().any(|hole| hole.kind == HoleKind::Directive);
    let mut scanner =
        Scanner { fragment, dialect, text: fragment.text, bytes: fragment.text.as_bytes(), at: 0, hole: 0, directed };
    scanner.document().map_err(|error| error.or_template(fragment.text))
}

struct Scanner<'f, 'a> {
    fragment: &'f Fragment<'a>,
    dialect: Dialect,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The first hole that does not lie before `at`.
    hole: usize,
    /// Whether directives stand in the text: then commas are where they are only after rendering.
    directed: bool,
}

impl<'f, 'a> Scanner<'f, 'a> {
    fn document(&mut self) -> Result<Node<'a>, SyntaxError> {
        self.space()?;
        let node = self.value(0)?;
        self.space()?;
        if self.at < self.bytes.len() {
            return Err(self.error("nothing more is expected after the value"));
        }
        Ok(node)
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, SyntaxError> {
        if depth > DEPTH_MAX {
            return Err(self.error("the nesting is too deep"));
        }
        let start = self.at;
        if self.hole_here().is_some() {
            return Ok(self.bare(start));
        }
        match self.bytes.get(self.at) {
            Some(b'{') => self.mapping(depth),
            Some(b'[') => self.sequence(depth),
            Some(b'"') => {
                let scalar = self.string()?;
                Ok(Node::new(self.span(start), Kind::Scalar(scalar)))
            }
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let node = self.bare(start);
                if is_word(&self.text[start..self.at]) || !node.scalar().is_none_or(|scalar| scalar.holes().is_empty())
                {
                    Ok(node)
                } else {
                    self.at = start;
                    Err(self.error("this is not a value"))
                }
            }
            Some(_) => Err(self.error("a value is expected here")),
            None => Err(self.error("the text ends where a value is expected")),
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Node<'a>, SyntaxError> {
        let start = self.at;
        let mut entries = Vec::new();
        self.at += 1;
        self.items(b'}', |scanner| {
            if scanner.bytes.get(scanner.at) != Some(&b'"') {
                return Err(scanner.error("a key in double quotes is expected here"));
            }
            let key = scanner.string()?.into_value();
            scanner.space()?;
            if scanner.bytes.get(scanner.at) != Some(&b':') {
                return Err(scanner.error("`:` is expected after a key"));
            }
            scanner.at += 1;
            scanner.space()?;
            let value = scanner.value(depth + 1)?;
            entries.push(Entry { key, value });
            Ok(())
        })?;
        Ok(Node::new(self.span(start), Kind::Mapping(entries.into())))
    }

    fn sequence(&mut self, depth: usize) -> Result<Node<'a>, SyntaxError> {
        let start = self.at;
        let mut elements = Vec::new();
        self.at += 1;
        self.items(b']', |scanner| {
            elements.push(scanner.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Node::new(self.span(start), Kind::Sequence(elements.into())))
    }

    /// What stands between brackets: items with commas between them.
    fn items(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), SyntaxError>,
    ) -> Result<(), SyntaxError> {
        let mut after_comma = false;
        let mut first = true;
        loop {
            self.space()?;
            match self.bytes.get(self.at) {
                Some(byte)
                    if *byte == close && (!after_comma || self.directed || self.dialect == Dialect::WithComments) =>
                {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') if self.directed => {
                    self.at += 1;
                    continue;
                }
                None => return Err(self.error("the text ends within brackets")),
                _ if !first && !after_comma && !self.directed => {
                    return Err(self.error("`,` or the closing bracket is expected here"));
                }
                _ => item(self)?,
            }
            first = false;
            self.space()?;
            after_comma = self.bytes.get(self.at) == Some(&b',');
            self.at += usize::from(after_comma);
        }
    }

    /// A word without quotes, holes included.
    fn bare(&mut self, start: usize) -> Node<'a> {
        loop {
            if let Some(hole) = self.hole_here() {
                self.at = hole.range.end;
            } else if self.bytes.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || b"+-._".contains(b)) {
                self.at += 1;
            } else {
                break;
            }
        }
        let span = self.span(start);
        let placement = Placement::verbatim(span, span.start, Style::Plain, self.fragment.within.clone());
        let value = &self.text[start..self.at];
        let holes = self.fragment.holes_in(start..self.at);
        Node::new(span, Kind::Scalar(Scalar::new(value, holes, placement)))
    }

    fn string(&mut self) -> Result<Scalar<'a>, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let content = self.at;
        let mut decoded: Option<(String, Mapping, Vec<Hole>)> = None;
        let mut run = content;
        loop {
            if let Some(hole) = self.hole_here() {
                self.at = hole.range.end;
                continue;
            }
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    let (value, map, holes) = decoded.get_or_insert_with(Default::default);
                    copy(self.fragment, value, map, holes, run..self.at);
                    let (character, length) = self.escape()?;
                    let at = value.len();
                    value.push(character);
                    map.escape(at, character.len_utf8(), self.fragment.base + self.at, length);
                    self.at += length;
                    run = self.at;
                }
                Some(byte) if *byte < 0x20 && self.fragment.within.is_none() => {
                    return Err(self.error("a string may not hold a control character"));
                }
                Some(_) => self.at += 1,
                None => return Err(SyntaxError::new(self.fragment.base + start, "the string has no end")),
            }
        }
        let end = self.at;
        self.at += 1;
        let span = self.span(start);
        let within = self.fragment.within.clone();
        Ok(match decoded {
            None => {
                let placement = Placement::verbatim(span, span.start + 1, Style::DoubleQuoted, within);
                Scalar::new(&self.text[content..end], self.fragment.holes_in(content..end), placement)
            }
            Some((mut value, mut map, mut holes)) => {
                copy(self.fragment, &mut value, &mut map, &mut holes, run..end);
                let placement = Placement::mapped(span, Style::DoubleQuoted, map, within);
                Scalar::new(value, holes, placement)
            }
        })
    }

    /// The character of the escape at `at`, and how many bytes it takes. A lone surrogate, which no character is, becomes
    /// the replacement character: the string is of no use then, the file is.
    fn escape(&self) -> Result<(char, usize), SyntaxError> {
        let unit = |at: usize| -> Option<u32> {
            let digits = self.text.get(at + 2..at + 6)?;
            let escape = self.text.get(at..at + 2)?;
            (escape == "\\u" && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .then(|| u32::from_str_radix(digits, 16).ok())?
        };
        let simple = |character| Ok((character, 2));
        match self.bytes.get(self.at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => simple(char::from(*byte)),
            Some(b'b') => simple('\u{8}'),
            Some(b'f') => simple('\u{c}'),
            Some(b'n') => simple('\n'),
            Some(b'r') => simple('\r'),
            Some(b't') => simple('\t'),
            Some(b'u') => match (unit(self.at), unit(self.at + 6)) {
                (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                    let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    Ok((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12))
                }
                (Some(code), _) => Ok((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 6)),
                (None, _) => Err(self.error("`\\u` needs four hexadecimal digits")),
            },
            _ => Err(self.error("this escape does not exist in JSON")),
        }
    }

    fn space(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.hole_here() {
                Some(hole) if hole.kind == HoleKind::Directive => {
                    self.at = hole.range.end;
                    continue;
                }
                Some(_) => return Ok(()),
                None => {}
            }
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') if self.dialect == Dialect::WithComments => {
                    let rest = &self.text[self.at..];
                    let end = match rest.as_bytes().get(1) {
                        Some(b'/') => Some(rest.find('\n').unwrap_or(rest.len())),
                        Some(b'*') => rest[2..].find("*/").map(|end| end + 4),
                        _ => None,
                    };
                    self.at += end.ok_or_else(|| self.error("a comment is expected here, with its end"))?;
                }
                Some(b'/') if matches!(self.bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                    return Err(SyntaxError { kind: SyntaxErrorKind::Comments, ..self.error("JSON has no comments") });
                }
                _ => return Ok(()),
            }
        }
    }

    fn hole_here(&mut self) -> Option<&'f Hole> {
        let holes = self.fragment.holes;
        while holes.get(self.hole).is_some_and(|hole| hole.range.start < self.at) {
            self.hole += 1;
        }
        holes.get(self.hole).filter(|hole| hole.range.start == self.at)
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.fragment.base + start, self.fragment.base + self.at)
    }

    fn error(&self, message: &str) -> SyntaxError {
        SyntaxError::new(self.fragment.base + self.at, message)
    }
}

/// Appends a run of the text that stands there as it is.
fn copy(
    fragment: &Fragment<'_>,
    value: &mut String,
    map: &mut Mapping,
    holes: &mut Vec<Hole>,
    run: std::ops::Range<usize>,
) {
    let shift = value.len();
    map.same(shift, fragment.base + run.start, run.len());
    holes.extend(
        fragment
            .holes_in(run.clone())
            .into_iter()
            .map(|hole| Hole { range: hole.range.start + shift..hole.range.end + shift, kind: hole.kind }),
    );
    value.push_str(&fragment.text[run]);
}

/// Whether a word without quotes is one of JSON's: a number, `true`, `false` or `null`.
fn is_word(word: &str) -> bool {
    if matches!(word, "true" | "false" | "null") {
        return true;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
