//! C#.

use tree_sitter::Node as Syntax;

use super::shape::{Called, Pair, Seen, Shape, children, field, inner, sum};

pub(super) fn shape<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    match node.kind() {
        "string_literal" | "verbatim_string_literal" | "raw_string_literal" | "interpolated_string_expression" => {
            let token = &text[node.byte_range()];
            let opening = token.find('"').unwrap_or(0);
            let quotes = token[opening..].bytes().take_while(|byte| *byte == b'"').count();
            // Two are an empty text.
            let quotes = if quotes >= 3 && token.len() > opening + quotes { quotes } else { 1 };
            Shape::Text(opening + quotes, quotes)
        }
        "initializer_expression" | "collection_expression" => elements(node, text),
        "array_creation_expression" | "implicit_array_creation_expression" => {
            let list = children(node).into_iter().find(|child| child.kind() == "initializer_expression");
            list.map_or(Shape::Parts, Shape::Same)
        }
        "invocation_expression" => {
            let Some(function) = field(node, "function") else { return Shape::Parts };
            let (receiver, name) = match shape(function, text) {
                Shape::Member(object, name) => (Some(object), Some(name)),
                Shape::Name => (None, Some(function)),
                _ => (Some(function), None),
            };
            let (arguments, keywords) = arguments(node);
            Shape::Call(Called { receiver, name, arguments, keywords })
        }
        "object_creation_expression" | "implicit_object_creation_expression" => made(node, text),
        "identifier" | "this" | "base" | "null_literal" | "this_expression" | "base_expression" => Shape::Name,
        "member_access_expression" => match (field(node, "expression"), field(node, "name")) {
            (Some(object), Some(name)) => Shape::Member(object, name),
            _ => Shape::Parts,
        },
        "integer_literal" | "real_literal" | "boolean_literal" => Shape::Constant,
        "parenthesized_expression" | "postfix_unary_expression" | "await_expression" => inner(node),
        "cast_expression" => field(node, "value").map_or(Shape::Parts, Shape::Same),
        "conditional_expression" => match (field(node, "consequence"), field(node, "alternative")) {
            (Some(one), Some(other)) => Shape::Choice(vec![one, other]),
            _ => Shape::Parts,
        },
        "binary_expression" => sum(node),
        "variable_declarator" => match children(node).as_slice() {
            [name, .., value] if name.kind() == "identifier" => {
                let declaration = node.parent().and_then(|parent| parent.parent());
                match declaration.filter(|declaration| declaration.kind() == "field_declaration") {
                    Some(field) => Shape::Field(*name, *value, seen(field, text)),
                    None => Shape::Binding(*name, *value, Seen::Here),
                }
            }
            _ => Shape::Parts,
        },
        "assignment_expression" => match (field(node, "left"), field(node, "right")) {
            (Some(name), Some(value)) if matches!(shape(name, text), Shape::Name | Shape::Member(..)) => {
                Shape::Assigned(name, value)
            }
            _ => Shape::Parts,
        },
        "block" | "lambda_expression" => Shape::Scope,
        "class_declaration" | "record_declaration" => field(node, "name").map_or(Shape::Parts, Shape::Class),
        "constructor_declaration" | "method_declaration" => field(node, "name").map_or(Shape::Parts, Shape::Block),
        "using_directive" => children(node).into_iter().last().map_or(Shape::Nothing, Shape::Import),
        "comment" | "modifier" | "base_list" | "type_argument_list" | "attribute_list" => Shape::Nothing,
        _ => Shape::Parts,
    }
}

/// An object that is made, with what is set in it as arguments by name; a map, where keys are in brackets.
fn made<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    let (arguments, mut keywords) = arguments(node);
    let name = field(node, "type");
    if let Some(body) = field(node, "initializer") {
        match elements(body, text) {
            Shape::Mapping(mut pairs) => {
                let is_map = name.is_some_and(|name| text[name.byte_range()].starts_with("Dictionary"));
                if is_map {
                    return Shape::Mapping(pairs);
                }
                keywords.append(&mut pairs);
            }
            Shape::Sequence(elements) if arguments.is_empty() && !elements.is_empty() => {
                return Shape::Sequence(elements);
            }
            _ => {}
        }
    }
    Shape::Call(Called { receiver: None, name, arguments, keywords })
}

/// What stands between the brackets of an initializer: `Name = value`, `["key"] = value`, `{ "key", value }`, or a list.
fn elements<'t>(body: Syntax<'t>, text: &str) -> Shape<'t> {
    let mut pairs = Vec::new();
    let all = children(body);
    for element in &all {
        match (element.kind(), children(*element).as_slice()) {
            ("assignment_expression", _) => {
                if let (Some(key), Some(value)) = (field(*element, "left"), field(*element, "right")) {
                    let inside = children(key).into_iter().find(|_| text[key.byte_range()].starts_with('['));
                    let inside = inside.map(|one| children(one).into_iter().next().unwrap_or(one));
                    pairs.push(Pair { key: inside.unwrap_or(key), value });
                }
            }
            ("initializer_expression", [key, value]) => pairs.push(Pair { key: *key, value: *value }),
            _ => {}
        }
    }
    if pairs.len() == all.len() && !all.is_empty() { Shape::Mapping(pairs) } else { Shape::Sequence(all) }
}

/// The arguments of a call, and those with names.
fn arguments(node: Syntax<'_>) -> (Vec<Syntax<'_>>, Vec<Pair<'_>>) {
    let (mut plain, mut named) = (Vec::new(), Vec::new());
    for argument in field(node, "arguments").map(children).unwrap_or_default() {
        let value = children(argument).into_iter().last().unwrap_or(argument);
        match field(argument, "name") {
            Some(key) => named.push(Pair { key, value }),
            None => plain.push(value),
        }
    }
    (plain, named)
}

/// Whether other files see what a field declares.
fn seen(declaration: Syntax<'_>, text: &str) -> Seen {
    let mut modifiers = children(declaration).into_iter().filter(|child| child.kind() == "modifier");
    let is_open = modifiers.any(|modifier| ["public", "internal", "protected"].contains(&&text[modifier.byte_range()]));
    if is_open { Seen::Elsewhere } else { Seen::Here }
}
