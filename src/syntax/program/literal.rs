//! Where a program takes a text that is put together: what is written then, and where only a text as it stands is one.
//! TypeScript and Python.

use tree_sitter::{Node as Syntax, Tree};

use super::outline::Outline;
use super::shape::{Shape, children, field};
use super::{Reader, tree};
use crate::edit::Edit;
use crate::source::{Source, Span};
use crate::syntax::{Fragment, Language};

/// How many letters of a function's name may say what it does.
const LETTERS_MAX: usize = 16;

/// The strings of a program, in the order of their first bytes, and what else has to be known to fill in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literals {
    language: Language,
    strings: Vec<Literal>,
    pub(crate) outline: Outline,
}

/// A string of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal {
    span: Span,
    opening: usize,
    closing: usize,
    /// Whether values are filled in already.
    is_template: bool,
    /// What is known of its place; `None` if it has to stay a text.
    place: Option<Place>,
}

/// What is known of a place that takes values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name that is given a value there.
    pub(crate) defines: Option<String>,
    /// What the object goes by whose method this is: `this`, `self`.
    pub(crate) object: Option<String>,
}

impl Literals {
    /// Reads a program; `None` if it is none in its language, or in another than these.
    pub(crate) fn of(language: Language, source: &Source) -> Option<Self> {
        if !matches!(language, Language::TypeScript | Language::Tsx | Language::Python) {
            return None;
        }
        let fragment = Fragment::of_file(source);
        let tree = tree(language, &fragment).ok()?;
        let reader = Reader::new(language, &fragment);
        Some(Literals { language, strings: reader.strings(&tree), outline: reader.outline(&tree) })
    }

    /// The language of the program.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The string that holds these bytes between its quotes, and its place, if values may be filled in there.
    pub(crate) fn at(&self, span: Span) -> Option<(&Literal, &Place)> {
        let before = self.strings.partition_point(|one| one.span.start <= span.start);
        let holds =
            |one: &&Literal| one.span.start + one.opening <= span.start && span.end <= one.span.end - one.closing;
        let literal = self.strings[..before].iter().rfind(holds)?;
        Some((literal, literal.place.as_ref()?))
    }

    /// The change that makes `text` of some bytes of a string, with values in it that are filled in. `None` if the string
    /// cannot be one of those.
    pub(crate) fn fill(&self, literal: &Literal, source: &str, span: Span, text: &str) -> Option<Edit> {
        let token = &source[literal.span.range()];
        let (opening, closing) = (&token[..literal.opening], &token[token.len() - literal.closing..]);
        let before = &source[literal.span.start + literal.opening..span.start];
        let after = &source[span.end..literal.span.end - literal.closing];
        let is_python = self.language == Language::Python;
        // Older versions end the string there.
        if is_python && text.contains(closing.chars().next()?) {
            return None;
        }
        if literal.is_template {
            return Some(Edit { span, text: text.to_owned() });
        }
        let new = if is_python {
            let kind = match &opening[..literal.opening - literal.closing] {
                "" | "u" | "U" => "f",
                "r" | "R" if !token.contains('\\') => "rf",
                _ => return None,
            };
            // Behind a word, its letter would be one of the word's.
            let is_behind_word = source[..literal.span.start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if is_behind_word || token.contains("\\N{") {
                return None;
            }
            let plain = |text: &str| text.replace('{', "{{").replace('}', "}}");
            format!("{kind}{closing}{}{text}{}{closing}", plain(before), plain(after))
        } else {
            format!("`{}{text}{}`", in_template(before)?, in_template(after)?)
        };
        Some(Edit { span: literal.span, text: new })
    }
}

/// What stands in a string of TypeScript, as it has to stand in a template. `None` for escapes that templates refuse.
fn in_template(text: &str) -> Option<String> {
    let mut new = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('\\', Some('0'..='9')) => return None,
            ('\\', _) => {
                new.push(c);
                new.extend(rest.next());
                continue;
            }
            ('`', _) | ('$', Some('{')) => new.push('\\'),
            _ => {}
        }
        new.push(c);
    }
    Some(new)
}

/// What is known of a part of a program from what is around it.
#[derive(Debug, Clone, Copy, Default)]
struct Around<'t> {
    /// Whether nothing in it may be filled in.
    is_fixed: bool,
    /// The same of the value itself, and not of what is in its parts.
    is_text: bool,
    defines: Option<Syntax<'t>>,
    /// The name of the object, and from which byte on it is made.
    object: Option<(Syntax<'t>, usize)>,
    is_this: bool,
}

impl Reader<'_> {
    fn strings(&self, tree: &Tree) -> Vec<Literal> {
        let mut found = Vec::new();
        let mut cursor = tree.walk();
        let mut around = vec![(tree.root_node(), Around::default())];
        loop {
            let node = cursor.node();
            let within = match around.last() {
                Some((up, within)) if node != *up => self.within(*up, *within, node, cursor.field_name()),
                _ => Around::default(),
            };
            if let Shape::Text(opening, closing) = self.shape(node) {
                let is_template = match self.language {
                    Language::Python => self.slice(node)[..opening].contains(['f', 'F']),
                    _ => node.kind() == "template_string",
                };
                let object = within.object.filter(|(_, made)| *made <= node.start_byte());
                let place = Place {
                    defines: within.defines.map(|name| self.slice(name).to_owned()),
                    object: match object {
                        Some(_) if within.is_this => Some("this".to_owned()),
                        Some((first, _)) => Some(super::outline::first_word(self.slice(first)).to_owned()),
                        None => None,
                    },
                };
                let place = (!within.is_fixed && !within.is_text).then_some(place);
                found.push(Literal { span: self.span(node), opening, closing, is_template, place });
            }
            if cursor.goto_first_child() {
                around.push((node, within));
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return found;
                }
                around.pop();
            }
        }
    }

    /// What is known of a part of `up`, of which `around` is.
    fn within<'t>(&self, up: Syntax<'t>, around: Around<'t>, part: Syntax<'t>, name: Option<&str>) -> Around<'t> {
        let mut within = around;
        within.is_fixed |= self.fixes(up, part, name);
        within.is_text = takes_text(up, name) || around.is_text && is_same_value(up.kind());
        match (up.kind(), name) {
            ("variable_declarator" | "public_field_definition", Some("value")) => within.defines = field(up, "name"),
            ("assignment_expression" | "assignment" | "augmented_assignment", Some("right")) => {
                within.defines = field(up, "left");
            }
            // A class in a class, and a function that has a `this` of its own.
            ("class_body", _) => {
                let is_static = self.slice(part).split_whitespace().take(4).any(|word| word == "static");
                within.is_this = true;
                within.object = (!is_static).then_some((part, 0));
            }
            ("method_definition", Some("parameters")) => within.object = None,
            ("object", _) if part.kind() == "method_definition" => within.object = None,
            ("method_definition", Some("body")) => {
                within.object = within.object.map(|_| (part, self.made(part, &["super("])));
            }
            (
                "function_expression"
                | "function_declaration"
                | "generator_function"
                | "generator_function_declaration",
                _,
            ) => {
                within.object = None;
            }
            ("function_definition", Some("body")) => {
                let first = field(up, "parameters").and_then(|list| children(list).first().copied());
                let is_own = around.object.is_none();
                within.object = first.filter(|_| is_own).map(|first| (first, self.made(part, &["super().__init__("])));
                within.object = within.object.or(around.object);
            }
            ("class_definition", _) => within.object = None,
            _ => {}
        }
        within
    }

    /// From which byte on the object is made whose method has this body: behind the call of the one above, if there is one.
    fn made(&self, body: Syntax<'_>, calls: &[&str]) -> usize {
        let made = |statement: &Syntax<'_>| calls.iter().any(|call| self.slice(*statement).starts_with(call));
        children(body).into_iter().find(made).map_or(0, |statement| statement.end_byte())
    }

    /// Whether nothing in a part of `up` may be filled in: in types, constants and texts that are read as templates.
    fn fixes(&self, up: Syntax<'_>, part: Syntax<'_>, name: Option<&str>) -> bool {
        match (up.kind(), name) {
            ("enum_declaration" | "literal_type" | "type" | "import_statement" | "import_require_clause", _) => true,
            ("case_clause", Some("pattern" | "alternative")) | ("case_pattern", _) => true,
            // A string in a template: which quotes it may have, differs.
            ("template_substitution" | "interpolation", _) => true,
            ("as_expression", _) => last_kind(up) == "const",
            ("type_assertion", _) => self.slice(up).starts_with("<const>"),
            ("call" | "call_expression", Some("arguments")) => {
                let called = field(up, "function").map_or("", |called| self.slice(called));
                // Only its end counts, however long it is.
                let letters = called.chars().rev().filter(char::is_ascii_alphanumeric).take(LETTERS_MAX);
                let letters: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
                let ends = |word: &str| {
                    letters.bytes().zip(word.bytes().rev()).filter(|(one, other)| one == other).count() == word.len()
                };
                // What has a tag is read by it; one joins what is filled in as Pulumi has it.
                let is_tagged = part.kind() == "template_string" && !ends("interpolate");
                is_tagged || ends("fnsub") || ends("format")
            }
            ("pair", Some("value")) => field(up, "key").is_some_and(|key| self.slice(key).contains("Fn::")),
            // A type of texts.
            ("variable_declarator" | "public_field_definition" | "assignment", Some("value" | "right")) => {
                let of = field(up, "type").map_or("", |of| self.slice(of));
                of.contains(['"', '\'', '`']) || of.contains("Literal")
            }
            _ => false,
        }
    }
}

/// Whether a part of `up` has to be a text as it stands, or is asked for something that a text has.
fn takes_text(up: Syntax<'_>, name: Option<&str>) -> bool {
    match (up.kind(), name) {
        ("pair", Some("key")) | ("method_definition" | "public_field_definition", Some("name")) => true,
        ("attribute" | "member_expression", Some("object")) => true,
        ("as_expression" | "satisfies_expression", _) => matches!(last_kind(up), "literal_type" | "union_type"),
        ("binary_expression", _) => {
            !matches!(field(up, "operator").map(|operator| operator.kind()), Some("+" | "??" | "||" | "&&"))
        }
        ("binary_operator", _) => !matches!(field(up, "operator").map(|operator| operator.kind()), Some("+")),
        (
            "expression_statement"
            | "export_statement"
            | "jsx_attribute"
            | "computed_property_name"
            | "property_signature"
            | "switch_case"
            | "subscript_expression"
            | "subscript"
            | "comparison_operator",
            _,
        ) => true,
        _ => false,
    }
}

/// What the last part of a node is.
fn last_kind(node: Syntax<'_>) -> &'static str {
    node.child(node.child_count().saturating_sub(1) as u32).map_or("", |last| last.kind())
}

/// Whether what stands in such a part is its value, or a piece of that.
fn is_same_value(kind: &str) -> bool {
    matches!(
        kind,
        "parenthesized_expression"
            | "concatenated_string"
            | "binary_expression"
            | "binary_operator"
            | "ternary_expression"
            | "conditional_expression"
            | "boolean_operator"
            | "non_null_expression"
            | "as_expression"
            | "satisfies_expression"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_templates() {
        let rows = [
            ("nginx:1", Some("nginx:1")),
            ("a`b", Some("a\\`b")),
            ("a${b}$c$", Some("a\\${b}$c$")),
            ("a\\${b}", Some("a\\${b}")),
            ("it\\'s \\\\` \\`", Some("it\\'s \\\\\\` \\`")),
            ("\\x41\\u0041", Some("\\x41\\u0041")),
            ("\\0", None),
            ("\\61", None),
        ];
        for (text, expected) in rows {
            assert_eq!(in_template(text).as_deref(), expected, "{text}");
        }
    }
}
