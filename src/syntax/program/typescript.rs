//! TypeScript and JavaScript.

use tree_sitter::Node as Syntax;

use super::shape::{Called, Pair, Seen, Shape, by_name, children, field, inner, sum};

pub(super) fn shape(node: Syntax<'_>) -> Shape<'_> {
    match node.kind() {
        "string" | "template_string" => Shape::Text(1, 1),
        "object" => Shape::Mapping(children(node).into_iter().map(pair).collect()),
        "array" => Shape::Sequence(children(node)),
        "call_expression" => call(node, "function"),
        "new_expression" => call(node, "constructor"),
        "identifier" | "this" | "super" | "shorthand_property_identifier" | "null" | "undefined" => Shape::Name,
        "member_expression" => match (field(node, "object"), field(node, "property")) {
            (Some(object), Some(property)) => Shape::Member(object, property),
            _ => Shape::Parts,
        },
        "subscript_expression" => by_name(field(node, "object"), field(node, "index")),
        "number" | "true" | "false" => Shape::Constant,
        "parenthesized_expression"
        | "as_expression"
        | "satisfies_expression"
        | "non_null_expression"
        | "await_expression" => inner(node),
        "type_assertion" => children(node).into_iter().last().map_or(Shape::Nothing, Shape::Same),
        "ternary_expression" => match (field(node, "consequence"), field(node, "alternative")) {
            // What is asked for names values too.
            (Some(one), Some(other)) => Shape::Choice(vec![one, other]),
            _ => Shape::Parts,
        },
        "binary_expression" => match field(node, "operator").map(|operator| operator.kind()) {
            Some("??" | "||") => Shape::Choice(children(node)),
            _ => sum(node),
        },
        "variable_declarator" => match binding(node, "name", "value", seen(node)) {
            // What is declared by `var` belongs to the function around.
            Shape::Binding(name, value, Seen::Here)
                if node.parent().is_some_and(|up| up.kind() == "variable_declaration") =>
            {
                Shape::Assigned(name, value)
            }
            declared => declared,
        },
        "assignment_expression" => match binding(node, "left", "right", Seen::Here) {
            Shape::Binding(name, value, _) => Shape::Assigned(name, value),
            other => other,
        },
        "statement_block" | "arrow_function" | "function_expression" | "generator_function" => Shape::Scope,
        "public_field_definition" => {
            let modifier = node.child(0).filter(|first| first.kind() == "accessibility_modifier");
            let is_private = modifier.and_then(|first| first.child(0)).is_some_and(|word| word.kind() == "private")
                || field(node, "name").is_some_and(|name| name.kind() == "private_property_identifier");
            let seen = if is_private { Seen::Here } else { Seen::Elsewhere };
            match binding(node, "name", "value", seen) {
                Shape::Binding(name, value, seen) => Shape::Field(name, value, seen),
                other => other,
            }
        }
        "required_parameter" | "optional_parameter" if is_of_own_type(node, field(node, "value")) => Shape::Parts,
        "required_parameter" | "optional_parameter" => default(field(node, "pattern"), field(node, "value")),
        "assignment_pattern" | "object_assignment_pattern" => default(field(node, "left"), field(node, "right")),
        "enum_assignment" => match binding(node, "name", "value", seen_enum(node)) {
            Shape::Binding(name, value, seen) => Shape::Field(name, value, seen),
            other => other,
        },
        "class_declaration" | "abstract_class_declaration" | "class" => {
            field(node, "name").map_or(Shape::Parts, Shape::Class)
        }
        "enum_declaration" => field(node, "name").map_or(Shape::Parts, Shape::Enum),
        "function_declaration" | "method_definition" => field(node, "name").map_or(Shape::Parts, Shape::Block),
        "import_statement" => field(node, "source").map_or(Shape::Nothing, Shape::Import),
        "comment"
        | "type_annotation"
        | "type_arguments"
        | "type_parameters"
        | "interface_declaration"
        | "type_alias_declaration"
        | "ambient_declaration"
        | "import_alias"
        | "export_clause"
        | "regex" => Shape::Nothing,
        _ => Shape::Parts,
    }
}

fn call<'t>(node: Syntax<'t>, callee: &str) -> Shape<'t> {
    let Some(function) = field(node, callee) else { return Shape::Parts };
    let arguments = match field(node, "arguments") {
        Some(list) if list.kind() == "arguments" => children(list),
        // A template with the name of a function before it.
        Some(template) => vec![template],
        None => Vec::new(),
    };
    let (receiver, name) = match shape(function) {
        Shape::Member(object, property) => (Some(object), Some(property)),
        Shape::Name => (None, Some(function)),
        _ => (Some(function), None),
    };
    Shape::Call(Called { receiver, name, arguments, keywords: Vec::new() })
}

/// An entry of an object; of what is spread into it, and of a name alone, that is the value too.
fn pair(node: Syntax<'_>) -> Pair<'_> {
    let (key, value) = (field(node, "key"), field(node, "value"));
    Pair { key: key.unwrap_or(node), value: value.unwrap_or(node) }
}

fn binding<'t>(node: Syntax<'t>, name: &str, value: &str, seen: Seen) -> Shape<'t> {
    if is_of_own_type(node, field(node, value)) {
        return Shape::Parts;
    }
    match (field(node, name), field(node, value)) {
        (Some(name), Some(value)) if matches!(shape(name), Shape::Name | Shape::Member(..)) || is_property(name) => {
            Shape::Binding(name, value, seen)
        }
        _ => Shape::Parts,
    }
}

/// Whether a text has a type that is not every text's: it may have to be one of a few.
fn is_of_own_type(node: Syntax<'_>, value: Option<Syntax<'_>>) -> bool {
    let is_text = value.is_some_and(|value| matches!(value.kind(), "string" | "template_string"));
    let is_any = |kind: &Syntax<'_>| kind.kind() == "predefined_type";
    let kind = field(node, "type").filter(|_| is_text).and_then(|annotation| children(annotation).into_iter().next());
    kind.is_some_and(|kind| !is_any(&kind) && !children(kind).iter().any(is_any))
}

/// A name that has a value unless it gets another.
fn default<'t>(name: Option<Syntax<'t>>, value: Option<Syntax<'t>>) -> Shape<'t> {
    match (name, value) {
        (Some(name), Some(value)) if name.child_count() == 0 => Shape::Default(name, value),
        _ => Shape::Parts,
    }
}

fn is_property(name: Syntax<'_>) -> bool {
    matches!(name.kind(), "property_identifier" | "private_property_identifier")
}

/// Whether other files see the members of an enum.
fn seen_enum(member: Syntax<'_>) -> Seen {
    member.parent().and_then(|body| body.parent()).map_or(Seen::Here, seen_statement)
}

/// Whether other files see what a declaration declares.
fn seen(declarator: Syntax<'_>) -> Seen {
    declarator.parent().map_or(Seen::Here, seen_statement)
}

fn seen_statement(declaration: Syntax<'_>) -> Seen {
    match declaration.parent() {
        Some(statement) if statement.kind() == "export_statement" => Seen::Elsewhere,
        _ => Seen::Here,
    }
}
