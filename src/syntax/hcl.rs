//! HCL: the expressions of `hcl-edit` built into nodes, read only.
//!
//! The parser gives structure and spans. The text of strings and heredocs, their holes and their bytes are read here, from
//! the source itself.

use std::borrow::Cow;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::Element;

use super::interpolation::template_holes;
use super::pieces;
use super::placement::Mapping;
use super::{Call, Entry, Fragment, Hole, Kind, Node, Placement, Scalar, Style, SyntaxError};
use crate::source::Span;

/// How long a text is read as a whole, in bytes: the parser's own tree takes fifty times the text's size.
const PIECE: usize = 256 * 1024;

/// Reads one file.
pub(super) fn parse<'a>(fragment: &Fragment<'a>) -> Result<Node<'a>, SyntaxError> {
    // Where a cut was wrong, or anything else is, the whole tells.
    if let Some(node) = parse_in_pieces(fragment) {
        return Ok(node);
    }
    let body = hcl_edit::parser::parse_body(fragment.text).map_err(|error| {
        let place = error.location();
        let offset = offset_of(fragment.text, place.line(), place.column());
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        SyntaxError::new(fragment.base + offset, message).or_template(fragment.text)
    })?;
    Ok(Reader { fragment }.body(&body, 0..fragment.text.len()))
}

/// Reads a long file piece by piece. A piece is a body of its own, so that an attribute which stands in two of them is
/// not refused.
fn parse_in_pieces<'a>(fragment: &Fragment<'a>) -> Option<Node<'a>> {
    let pieces = pieces::of(fragment.text, PIECE);
    if pieces.len() < 2 {
        return None;
    }
    let mut entries = Vec::new();
    for range in pieces {
        let piece =
            Fragment { text: &fragment.text[range.clone()], base: fragment.base + range.start, ..fragment.clone() };
        let body = hcl_edit::parser::parse_body(piece.text).ok()?;
        entries.extend(Reader { fragment: &piece }.entries(&body));
    }
    let span = Span::new(fragment.base, fragment.base + fragment.text.len());
    Some(Node::new(span, Kind::Mapping(entries.into())))
}

/// Reads one expression.
pub(super) fn parse_expression<'a>(fragment: &Fragment<'a>) -> Result<Node<'a>, hcl_edit::parser::Error> {
    Ok(Reader { fragment }.expression(&hcl_edit::parser::parse_expr(fragment.text)?))
}

/// The byte of a line and a column, both from 1, the column in characters.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let within = text[start..].char_indices().nth(column.saturating_sub(1)).map_or(text.len() - start, |(at, _)| at);
    start + within
}

struct Reader<'f, 'a> {
    fragment: &'f Fragment<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn body(&self, body: &Body, range: Range<usize>) -> Node<'a> {
        self.node(range, Kind::Mapping(self.entries(body).collect()))
    }

    fn entries<'e>(&'e self, body: &'e Body) -> impl Iterator<Item = Entry<'a>> + 'e {
        body.iter().map(|structure| match structure {
            Structure::Attribute(attribute) => {
                Entry { key: Cow::Owned(attribute.key.as_str().to_owned()), value: self.expression(&attribute.value) }
            }
            Structure::Block(block) => {
                let range = block.span().unwrap_or(0..0);
                let mut value = self.body(&block.body, block.body.span().unwrap_or(range.clone()));
                for label in block.labels.iter().rev() {
                    let entry = Entry { key: Cow::Owned(label.as_str().to_owned()), value };
                    value = self.node(range.clone(), Kind::Mapping(Box::new([entry])));
                }
                Entry { key: Cow::Owned(block.ident.as_str().to_owned()), value }
            }
        })
    }

    fn node(&self, range: Range<usize>, kind: Kind<'a>) -> Node<'a> {
        Node::new(Span::new(self.fragment.base + range.start, self.fragment.base + range.end), kind)
    }

    fn nodes<'e>(&self, expressions: impl IntoIterator<Item = &'e Expression>) -> Box<[Node<'a>]> {
        expressions.into_iter().map(|expression| self.expression(expression)).collect()
    }

    fn expression(&self, expression: &Expression) -> Node<'a> {
        let range = expression.span().unwrap_or(0..0);
        let raw = self.fragment.text.get(range.clone()).unwrap_or_default();
        let kind = match expression {
            Expression::String(_) => Kind::Scalar(self.quoted(range.clone())),
            Expression::StringTemplate(template) => {
                let elements: Vec<&Element> = template.iter().collect();
                match elements.as_slice() {
                    [Element::Interpolation(whole)] => match self.expression(&whole.expr) {
                        Node { kind: Kind::Reference(_), .. } => Kind::Reference(raw.trim_matches('"')),
                        node => return node,
                    },
                    _ => Kind::Scalar(self.quoted(range.clone())),
                }
            }
            Expression::HeredocTemplate(_) => Kind::Scalar(self.heredoc(range.clone())),
            Expression::Parenthesis(inner) => return self.expression(inner.inner()),
            Expression::Array(array) => Kind::Sequence(self.nodes(array.iter())),
            Expression::Object(object) => Kind::Mapping(
                object
                    .iter()
                    .map(|(key, value)| Entry { key: self.key(key), value: self.expression(value.expr()) })
                    .collect(),
            ),
            Expression::Conditional(conditional) => {
                let condition = self.expression(&conditional.cond_expr);
                let span = condition.span();
                Kind::Choice(Box::new([
                    self.expression(&conditional.true_expr),
                    self.expression(&conditional.false_expr),
                    Node::new(span, Kind::Computed(Box::new([condition]))),
                ]))
            }
            Expression::FuncCall(call) => {
                let name = call.name.namespace.iter().map(|part| part.as_str()).chain([call.name.name.as_str()]);
                let name = name.collect::<Vec<_>>().join("::");
                Kind::Call(Box::new(Call { name, arguments: self.nodes(call.args.iter()) }))
            }
            Expression::Traversal(traversal) => match &traversal.expr {
                Expression::Variable(_) => Kind::Reference(raw),
                Expression::Object(_) | Expression::Array(_) => {
                    let indices = traversal.operators.iter().filter_map(|operator| match operator.value() {
                        TraversalOperator::Index(index) => Some(index),
                        _ => None,
                    });
                    let whole = self.expression(&traversal.expr);
                    let span = whole.span();
                    let mut values: Vec<Node<'a>> = match whole.kind {
                        Kind::Mapping(entries) => entries.into_iter().map(|entry| entry.value).collect(),
                        Kind::Sequence(nodes) => nodes.into(),
                        other => vec![Node::new(span, other)],
                    };
                    values.push(Node::new(span, Kind::Computed(self.nodes(indices))));
                    Kind::Choice(values.into())
                }
                other => Kind::Computed(Box::new([self.expression(other)])),
            },
            Expression::Variable(_) => Kind::Reference(raw),
            Expression::UnaryOp(operation) => Kind::Computed(Box::new([self.expression(&operation.expr)])),
            Expression::BinaryOp(operation) => Kind::Computed(self.nodes([&operation.lhs_expr, &operation.rhs_expr])),
            Expression::ForExpr(each) => Kind::Sequence(self.nodes([&each.value_expr, &each.intro.collection_expr])),
            Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) => {
                let span = Span::new(self.fragment.base + range.start, self.fragment.base + range.end);
                let placement = Placement::verbatim(span, span.start, Style::Plain, self.fragment.within.clone());
                Kind::Scalar(Scalar::new(raw, Vec::new(), placement))
            }
        };
        self.node(range, kind)
    }

    fn key(&self, key: &ObjectKey) -> Cow<'a, str> {
        match key {
            ObjectKey::Ident(ident) => Cow::Owned(ident.as_str().to_owned()),
            ObjectKey::Expression(expression) => match self.expression(expression).kind {
                Kind::Scalar(scalar) => scalar.into_value(),
                _ => Cow::Borrowed(self.fragment.text.get(expression.span().unwrap_or(0..0)).unwrap_or_default()),
            },
        }
    }

    /// A string in quotes: its escapes decoded, its interpolations as they are written.
    fn quoted(&self, range: Range<usize>) -> Scalar<'a> {
        let span = Span::new(self.fragment.base + range.start, self.fragment.base + range.end);
        let within = self.fragment.within.clone();
        let inside = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
        let raw: &'a str = self.fragment.text.get(inside.clone()).unwrap_or_default();
        let base = self.fragment.base + inside.start;
        let holes = template_holes(raw);
        if !raw.contains('\\') {
            let placement = Placement::verbatim(span, base, Style::HclQuoted, within);
            return Scalar::new(raw, holes, placement);
        }
        let (value, holes, map) = unescape(raw, &holes, base);
        Scalar::new(value, holes, Placement::mapped(span, Style::HclQuoted, map, within))
    }

    /// A heredoc: the lines between its two words, with the indentation removed where `<<-` asks for it.
    fn heredoc(&self, range: Range<usize>) -> Scalar<'a> {
        let span = Span::new(self.fragment.base + range.start, self.fragment.base + range.end);
        let within = self.fragment.within.clone();
        let raw: &'a str = self.fragment.text.get(range.clone()).unwrap_or_default();
        let start = raw.find('\n').map_or(raw.len(), |at| at + 1);
        let end = raw.rfind('\n').map_or(start, |at| (at + 1).max(start));
        let lines = &raw[start..end];
        let base = self.fragment.base + range.start + start;
        let indent = if raw.starts_with("<<-") { shared_indent(lines) } else { 0 };
        if indent == 0 {
            let placement = Placement::verbatim(span, base, Style::Heredoc, within);
            return Scalar::new(lines, template_holes(lines), placement);
        }
        let mut value = String::with_capacity(lines.len());
        let mut map = Mapping::default();
        let mut from = 0;
        for line in lines.split_inclusive('\n') {
            let cut = indent.min(line.len() - line.trim_start_matches([' ', '\t']).len());
            map.same(value.len(), base + from + cut, line.len() - cut);
            value.push_str(&line[cut..]);
            from += line.len();
        }
        let holes = template_holes(&value);
        Scalar::new(value, holes, Placement::mapped(span, Style::Heredoc, map, within))
    }
}

/// The indentation that every line with text has, in bytes.
fn shared_indent(lines: &str) -> usize {
    let indents = lines.lines().filter(|line| !line.trim().is_empty());
    indents.map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0)
}

/// The text of a string in quotes, and the bytes it comes from. `$${` stays as it is written: it stands for `${`, which
/// in the text would read as a hole.
fn unescape(raw: &str, holes: &[Hole], base: usize) -> (String, Vec<Hole>, Mapping) {
    let mut value = String::with_capacity(raw.len());
    let mut map = Mapping::default();
    let mut moved = Vec::new();
    let mut at = 0;
    let mut next = holes.iter().peekable();
    while at < raw.len() {
        if let Some(hole) = next.next_if(|hole| hole.range.start == at) {
            let start = value.len();
            map.same(start, base + at, hole.range.len());
            value.push_str(&raw[hole.range.clone()]);
            moved.push(Hole { range: start..value.len(), kind: hole.kind });
            at = hole.range.end;
            continue;
        }
        let end = next.peek().map_or(raw.len(), |hole| hole.range.start);
        let run = raw[at..end].find('\\').map_or(end, |run| at + run);
        if run > at {
            map.same(value.len(), base + at, run - at);
            value.push_str(&raw[at..run]);
            at = run;
            continue;
        }
        let (character, length) = escape(&raw[at..]);
        map.escape(value.len(), character.len_utf8(), base + at, length);
        value.push(character);
        at += length;
    }
    (value, moved, map)
}

/// The character of an escape and how many bytes it takes; the parser has refused what is none.
fn escape(raw: &str) -> (char, usize) {
    let hexadecimal = |digits: usize| {
        let code = raw.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        (code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), (2 + digits).min(raw.len()))
    };
    match raw[1..].chars().next() {
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('t') => ('\t', 2),
        Some('u') => hexadecimal(4),
        Some('U') => hexadecimal(8),
        Some(other) => (other, 1 + other.len_utf8()),
        None => ('\\', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_same_tree_as_the_whole() {
        let block = |at: usize| {
            format!(
                "module \"m{at}\" {{\n  a = \"é${{var.x}}\"\n  b = <<-E\n    }}\n  E\n  c = [{at}, f(\"\\\"\")]\n}}\n# {{\n"
            )
        };
        let text: String = (0..2 * PIECE / block(0).len()).map(block).collect();
        let fragment = Fragment { text: &text, base: 3, holes: &[], within: None };
        let body = hcl_edit::parser::parse_body(&text).unwrap();
        let whole = Reader { fragment: &fragment }.body(&body, 0..text.len());
        assert!(pieces::of(&text, PIECE).len() > 1);
        assert_eq!(format!("{:?}", parse_in_pieces(&fragment).unwrap()), format!("{whole:?}"));
    }
}
