//! Where a program says the names that it gives values.

use tree_sitter::{Node as Syntax, Tree};

use super::shape::{self, Shape};
use super::{Bound, QUOTES, Reader};
use crate::syntax::{Kind, Node};

/// Whether a name is the one of a property that is given a value, and stands for nothing else.
fn is_key(name: Syntax<'_>, is_part: bool) -> bool {
    let Some(parent) = name.parent() else { return false };
    match parent.kind() {
        // `{ a: b } = c` says `c.a`.
        "pair_pattern" => false,
        _ if name.kind() == "property_identifier" => !is_part,
        // C#: `new A { Name = value }`
        "assignment_expression" => {
            let is_left = shape::field(parent, "left") == Some(name);
            is_left && parent.parent().is_some_and(|around| around.kind() == "initializer_expression")
        }
        // Go: `A{Name: value}`, where a map would have a value for a key.
        "literal_element" => {
            let element = parent.parent().filter(|element| element.kind() == "keyed_element");
            let made = element.and_then(|element| element.parent()).and_then(|body| body.parent());
            let of_map = made.and_then(|made| shape::field(made, "type")).is_some_and(|of| of.kind() == "map_type");
            element.and_then(|element| element.named_child(0)) == Some(parent) && made.is_some() && !of_map
        }
        _ => false,
    }
}

impl<'a> Reader<'a> {
    /// Each place that says one of these names. That of a part has before it the character that is before it there: a dot, or
    /// the quote of `a["b"]`.
    pub(super) fn names(&self, tree: &Tree, bound: &Bound<'a>) -> Vec<Node<'a>> {
        let longest = bound.iter().map(|name| name.len()).max().unwrap_or_default() + QUOTES.len();
        let mut found = Vec::new();
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            if node.end_byte() - node.start_byte() <= longest {
                found.extend(self.name(node, bound).map(|name| Node::new(self.span(node), Kind::Reference(name))));
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return found;
                }
            }
        }
    }

    fn name(&self, node: Syntax<'_>, bound: &Bound<'a>) -> Option<&'a str> {
        let word = self.slice(node);
        let inner = word.trim_matches(QUOTES);
        if !bound.contains(inner) {
            return None;
        }
        if inner != word {
            let is_index = node.kind().contains("string") && self.is_index(node);
            return is_index.then(|| &word[..word.len() - 1]);
        }
        // What is taken out of an object by its name is `…_pattern` in TypeScript.
        let is_name = node.child_count() == 0 && node.kind().trim_end_matches("_pattern").ends_with("identifier");
        let is_part = || {
            let is_taken_out = || node.parent().is_some_and(|around| around.kind() == "pair_pattern");
            node.prev_sibling().is_some_and(|before| matches!(before.kind(), "." | "?."))
                || node.kind() == "property_identifier" && is_taken_out()
        };
        match is_name.then(is_part)? {
            is_part if is_key(node, is_part) || is_keyword(node) => None,
            true => {
                let before = self.text[..node.start_byte()].chars().next_back().map_or(0, char::len_utf8);
                Some(&self.text[node.start_byte() - before..node.end_byte()])
            }
            false => Some(word),
        }
    }

    /// Whether a text is the name of a part: `"b"` in `a["b"]`.
    fn is_index(&self, text: Syntax<'_>) -> bool {
        let parent = text.parent().map(|parent| self.shape(parent));
        matches!(parent, Some(Shape::Member(_, name)) if name == text)
    }
}

/// Whether a name is that of an argument.
fn is_keyword(name: Syntax<'_>) -> bool {
    let parent = name.parent().filter(|parent| parent.kind() == "keyword_argument");
    parent.and_then(|parent| shape::field(parent, "name")) == Some(name)
}
