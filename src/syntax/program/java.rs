//! Java.

use tree_sitter::Node as Syntax;

use super::shape::{Called, Pair, Seen, Shape, children, field, inner, sum};

pub(super) fn shape<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    match node.kind() {
        "string_literal" => {
            let quotes = if text[node.byte_range()].starts_with("\"\"\"") { 3 } else { 1 };
            Shape::Text(quotes, quotes)
        }
        "array_initializer" => Shape::Sequence(children(node)),
        "array_creation_expression" => field(node, "value").map_or(Shape::Parts, Shape::Same),
        "method_invocation" => call(node, text),
        "object_creation_expression" => {
            let name = field(node, "type");
            Shape::Call(Called { receiver: None, name, arguments: arguments(node), keywords: Vec::new() })
        }
        "identifier" | "this" | "super" | "null_literal" => Shape::Name,
        "field_access" => match (field(node, "object"), field(node, "field")) {
            (Some(object), Some(name)) => Shape::Member(object, name),
            _ => Shape::Parts,
        },
        "decimal_integer_literal" | "decimal_floating_point_literal" | "true" | "false" => Shape::Constant,
        "parenthesized_expression" => inner(node),
        "cast_expression" => field(node, "value").map_or(Shape::Parts, Shape::Same),
        "ternary_expression" => match (field(node, "consequence"), field(node, "alternative")) {
            (Some(one), Some(other)) => Shape::Choice(vec![one, other]),
            _ => Shape::Parts,
        },
        "binary_expression" => sum(node),
        "variable_declarator" => match (field(node, "name"), field(node, "value")) {
            (Some(name), Some(value)) if is_field(node) => Shape::Field(name, value, seen(node, text)),
            (Some(name), Some(value)) => Shape::Binding(name, value, Seen::Here),
            _ => Shape::Parts,
        },
        "assignment_expression" => match (field(node, "left"), field(node, "right")) {
            (Some(name), Some(value))
                if matches!(shape(name, text), Shape::Name | Shape::Member(..))
                    && field(node, "operator").is_some_and(|operator| operator.kind() == "=") =>
            {
                Shape::Assigned(name, value)
            }
            _ => Shape::Parts,
        },
        "block" | "constructor_body" | "lambda_expression" => Shape::Scope,
        "class_declaration" | "record_declaration" | "interface_declaration" => {
            field(node, "name").map_or(Shape::Parts, Shape::Class)
        }
        "enum_declaration" => field(node, "name").map_or(Shape::Parts, Shape::Enum),
        "constructor_declaration" | "method_declaration" => field(node, "name").map_or(Shape::Parts, Shape::Block),
        "import_declaration" => {
            let is_name = |child: &Syntax<'_>| matches!(child.kind(), "scoped_identifier" | "identifier");
            children(node).into_iter().find(is_name).map_or(Shape::Nothing, Shape::Import)
        }
        "line_comment"
        | "block_comment"
        | "package_declaration"
        | "modifiers"
        | "type_arguments"
        | "type_parameters"
        | "superclass"
        | "super_interfaces" => Shape::Nothing,
        _ => Shape::Parts,
    }
}

fn arguments(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    field(node, "arguments").map_or_else(Vec::new, children)
}

/// A call; what makes lists and maps is one.
fn call<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    let (receiver, name) = (field(node, "object"), field(node, "name"));
    let arguments = arguments(node);
    let said = |node: Option<Syntax<'_>>| node.map_or("", |node| &text[node.byte_range()]);
    match (said(receiver), said(name)) {
        ("List" | "Set", "of") | ("Arrays", "asList") | ("Collections", "singletonList") => Shape::Sequence(arguments),
        ("Map", "of") | ("Collections", "singletonMap") => {
            let pairs = arguments.chunks_exact(2).map(|pair| Pair { key: pair[0], value: pair[1] });
            Shape::Mapping(pairs.collect())
        }
        _ => Shape::Call(Called { receiver, name, arguments, keywords: Vec::new() }),
    }
}

fn is_field(declarator: Syntax<'_>) -> bool {
    declarator.parent().is_some_and(|parent| matches!(parent.kind(), "field_declaration" | "constant_declaration"))
}

/// Whether other files see what a field declares.
fn seen(declarator: Syntax<'_>, text: &str) -> Seen {
    let Some(declaration) = declarator.parent() else { return Seen::Here };
    let modifiers = children(declaration).into_iter().find(|child| child.kind() == "modifiers");
    let is_private = modifiers
        .is_some_and(|modifiers| text[modifiers.byte_range()].split_whitespace().any(|modifier| modifier == "private"));
    if is_private { Seen::Here } else { Seen::Elsewhere }
}
