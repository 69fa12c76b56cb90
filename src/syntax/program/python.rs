//! Python.

use tree_sitter::Node as Syntax;

use super::shape::{Called, Pair, Seen, Shape, by_name, children, field, inner, sum};

pub(super) fn shape<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    match node.kind() {
        // Bytes are no text, nor is what Python 2 computes between backquotes.
        "string" if node.child(0).is_some_and(|opening| text[opening.byte_range()].contains(['b', 'B', '`'])) => {
            Shape::Parts
        }
        "string" => {
            let edge = |at: usize| node.child(at as u32).map_or(0, |child| child.end_byte() - child.start_byte());
            Shape::Text(edge(0), edge(node.child_count().saturating_sub(1)))
        }
        "concatenated_string" => Shape::Joined(children(node)),
        "dictionary" => Shape::Mapping(children(node).into_iter().map(pair).collect()),
        "list" | "tuple" | "set" => Shape::Sequence(children(node)),
        "call" => call(node, text),
        "identifier" | "none" => Shape::Name,
        "attribute" => match (field(node, "object"), field(node, "attribute")) {
            (Some(object), Some(attribute)) => Shape::Member(object, attribute),
            _ => Shape::Parts,
        },
        "subscript" => by_name(field(node, "value"), field(node, "subscript")),
        "integer" | "float" | "true" | "false" => Shape::Constant,
        "parenthesized_expression" | "await" => inner(node),
        "conditional_expression" => match children(node).as_slice() {
            [one, _, other] => Shape::Choice(vec![*one, *other]),
            _ => Shape::Parts,
        },
        "boolean_operator" => Shape::Choice(children(node)),
        "binary_operator" => sum(node),
        // A text that has to be one of a few.
        "assignment" if field(node, "type").is_some_and(|kind| text[kind.byte_range()].contains("Literal")) => {
            Shape::Parts
        }
        "assignment" => match (field(node, "left"), field(node, "right")) {
            (Some(name), Some(value)) if matches!(shape(name, text), Shape::Name | Shape::Member(..)) => {
                let block = node.parent().and_then(|statement| statement.parent());
                let is_field = block.and_then(|block| block.parent()).is_some_and(|up| up.kind() == "class_definition");
                // Who imports a module sees all of it but what begins with `_`.
                let is_private = text[name.byte_range()].starts_with('_');
                let at_top = block.is_some_and(|up| up.kind() == "module");
                let seen = if (is_field || at_top) && !is_private { Seen::Elsewhere } else { Seen::Here };
                if is_field { Shape::Field(name, value, seen) } else { Shape::Binding(name, value, seen) }
            }
            _ => Shape::Parts,
        },
        "default_parameter" | "typed_default_parameter" => match (field(node, "name"), field(node, "value")) {
            (Some(name), Some(value)) if name.kind() == "identifier" => Shape::Default(name, value),
            _ => Shape::Parts,
        },
        "class_definition" => {
            let above = field(node, "superclasses").map_or("", |above| &text[above.byte_range()]);
            let shape = if above.contains("Enum") { Shape::Enum } else { Shape::Class };
            field(node, "name").map_or(Shape::Parts, shape)
        }
        "function_definition" => field(node, "name").map_or(Shape::Parts, Shape::Block),
        "import_from_statement" => field(node, "module_name").map_or(Shape::Nothing, Shape::Import),
        "import_statement" => match field(node, "name") {
            Some(name) if name.kind() == "aliased_import" => field(name, "name").map_or(Shape::Nothing, Shape::Import),
            Some(name) => Shape::Import(name),
            None => Shape::Nothing,
        },
        "comment" | "type" | "type_alias_statement" | "future_import_statement" => Shape::Nothing,
        _ => Shape::Parts,
    }
}

fn call<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    let Some(function) = field(node, "function") else { return Shape::Parts };
    let given = match field(node, "arguments") {
        Some(list) if list.kind() == "argument_list" => children(list),
        Some(generator) => vec![generator],
        None => Vec::new(),
    };
    let (keywords, arguments): (Vec<_>, Vec<_>) = given.into_iter().partition(|one| one.kind() == "keyword_argument");
    let keywords = keywords.into_iter().filter_map(|node| {
        let key = field(node, "name")?;
        Some(Pair { key, value: field(node, "value")? })
    });
    let (receiver, name) = match shape(function, text) {
        Shape::Member(object, attribute) => (Some(object), Some(attribute)),
        Shape::Name => (None, Some(function)),
        _ => (Some(function), None),
    };
    Shape::Call(Called { receiver, name, arguments, keywords: keywords.collect() })
}

fn pair(node: Syntax<'_>) -> Pair<'_> {
    let (key, value) = (field(node, "key"), field(node, "value"));
    Pair { key: key.unwrap_or(node), value: value.unwrap_or(node) }
}
