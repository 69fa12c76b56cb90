//! Go.

use tree_sitter::Node as Syntax;

use super::shape::{Called, Pair, Seen, Shape, by_name, children, field, inner, sum};

pub(super) fn shape<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    match node.kind() {
        "interpreted_string_literal" | "raw_string_literal" => Shape::Text(1, 1),
        "composite_literal" => composite(node, text),
        "literal_value" => literal(node),
        "literal_element" | "parenthesized_expression" => inner(node),
        "call_expression" => call(node, text),
        "identifier" | "package_identifier" | "nil" => Shape::Name,
        "index_expression" => by_name(field(node, "operand"), field(node, "index")),
        "selector_expression" => match (field(node, "operand"), field(node, "field")) {
            (Some(operand), Some(name)) => Shape::Member(operand, name),
            _ => Shape::Parts,
        },
        "int_literal" | "float_literal" | "true" | "false" => Shape::Constant,
        "unary_expression" => match (field(node, "operator"), field(node, "operand")) {
            (Some(operator), Some(operand)) if matches!(operator.kind(), "&" | "*") => Shape::Same(operand),
            _ => Shape::Parts,
        },
        "binary_expression" => sum(node),
        "const_spec" | "var_spec" | "short_var_declaration" | "assignment_statement" => binding(node, text),
        "function_declaration" | "method_declaration" => field(node, "name").map_or(Shape::Parts, Shape::Block),
        "block" | "func_literal" => Shape::Scope,
        "import_spec" => field(node, "path").map_or(Shape::Nothing, Shape::Import),
        "comment" | "package_clause" | "type_declaration" | "parameter_list" => Shape::Nothing,
        _ => Shape::Parts,
    }
}

/// `A{…}`: a list, a map, or something that is made with arguments of these names.
fn composite<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    let (Some(of), Some(body)) = (field(node, "type"), field(node, "body")) else { return Shape::Parts };
    match of.kind() {
        "map_type" | "slice_type" | "array_type" | "implicit_length_array_type" => literal(body),
        // The kinds of lists that Pulumi names.
        _ if text[of.byte_range()].ends_with("Array") => literal(body),
        _ if text[of.byte_range()].ends_with("Map") => literal(body),
        _ => {
            let (keywords, arguments) = elements(body);
            let (receiver, name) = match (field(of, "package"), field(of, "name")) {
                (Some(package), Some(name)) => (Some(package), name),
                _ => (None, of),
            };
            Shape::Call(Called { receiver, name: Some(name), arguments, keywords })
        }
    }
}

fn literal(body: Syntax<'_>) -> Shape<'_> {
    let (pairs, elements) = elements(body);
    if pairs.is_empty() { Shape::Sequence(elements) } else { Shape::Mapping(pairs) }
}

fn elements(body: Syntax<'_>) -> (Vec<Pair<'_>>, Vec<Syntax<'_>>) {
    let (keyed, plain): (Vec<_>, Vec<_>) = children(body).into_iter().partition(|one| one.kind() == "keyed_element");
    let mut pairs = Vec::new();
    for node in keyed {
        if let [key, value] = children(node).as_slice() {
            let inside = children(*key).first().copied().filter(|_| key.kind() == "literal_element");
            pairs.push(Pair { key: inside.unwrap_or(*key), value: *value });
        }
    }
    (pairs, plain)
}

fn call<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    let Some(function) = field(node, "function") else { return Shape::Parts };
    let arguments = field(node, "arguments").map_or_else(Vec::new, children);
    // What only makes a pointer of a value, or a value of another kind.
    let is_same = matches!(
        &text[function.byte_range()],
        "jsii.String"
            | "jsii.Number"
            | "jsii.Bool"
            | "pulumi.String"
            | "pulumi.StringPtr"
            | "aws.String"
            | "pulumi.Int"
    );
    match (arguments.as_slice(), &text[function.byte_range()]) {
        ([one], _) if is_same => return Shape::Same(*one),
        (_, "jsii.Strings") => return Shape::Sequence(arguments),
        _ => {}
    }
    let (receiver, name) = match shape(function, text) {
        Shape::Member(operand, name) => (Some(operand), Some(name)),
        Shape::Name => (None, Some(function)),
        _ => (Some(function), None),
    };
    Shape::Call(Called { receiver, name, arguments, keywords: Vec::new() })
}

/// One name that is given one value.
fn binding<'t>(node: Syntax<'t>, text: &str) -> Shape<'t> {
    let one = |list: Option<Syntax<'t>>| {
        let list = list?;
        match (list.kind(), children(list).as_slice()) {
            ("expression_list", [one]) => Some(*one),
            ("expression_list", _) => None,
            _ => Some(list),
        }
    };
    let is_plain = field(node, "operator").is_none_or(|operator| operator.kind() == "=");
    let names = field(node, "name").or_else(|| field(node, "left"));
    let values = field(node, "value").or_else(|| field(node, "right"));
    match (one(names), one(values)) {
        (Some(name), Some(value)) if is_plain && matches!(shape(name, text), Shape::Name | Shape::Member(..)) => {
            let is_declared = matches!(node.kind(), "const_spec" | "var_spec");
            let mut around = node.parent();
            while let Some(up) = around
                && matches!(up.kind(), "var_spec_list" | "const_declaration" | "var_declaration")
            {
                around = up.parent();
            }
            let at_top = around.is_some_and(|up| up.kind() == "source_file");
            // All files of a package see what is declared at its top.
            match node.kind() {
                "assignment_statement" => Shape::Assigned(name, value),
                _ => Shape::Binding(name, value, if is_declared && at_top { Seen::Elsewhere } else { Seen::Here }),
            }
        }
        _ => Shape::Parts,
    }
}
