//! What a part of a program is, whichever language it is written in.

use tree_sitter::Node as Syntax;

/// What a part of a program is, as far as it says a value.
pub(super) enum Shape<'t> {
    /// A string, with the lengths of what opens and closes it.
    Text(usize, usize),
    /// Texts that become one: the operands of a `+`, adjoining strings.
    Joined(Vec<Syntax<'t>>),
    /// An object, a dictionary.
    Mapping(Vec<Pair<'t>>),
    /// A list.
    Sequence(Vec<Syntax<'t>>),
    /// A function that is called, an object that is made.
    Call(Called<'t>),
    /// One of these is the value.
    Choice(Vec<Syntax<'t>>),
    /// A name, or the word for nothing.
    Name,
    /// A part of something by its name.
    Member(Syntax<'t>, Syntax<'t>),
    /// A number, a boolean.
    Constant,
    /// Another way to write the same.
    Same(Syntax<'t>),
    /// A name that is given a value, and whether other files see it.
    Binding(Syntax<'t>, Syntax<'t>, Seen),
    /// The same of what is part of a class.
    Field(Syntax<'t>, Syntax<'t>, Seen),
    /// A name that is given a value unless it is given another.
    Default(Syntax<'t>, Syntax<'t>),
    /// A name that is given another value; it is declared elsewhere, if at all.
    Assigned(Syntax<'t>, Syntax<'t>),
    /// A function, with its name.
    Block(Syntax<'t>),
    /// A class, with its name.
    Class(Syntax<'t>),
    /// A class whose parts are all that its values may be, with its name.
    Enum(Syntax<'t>),
    /// A function without a name, or a block: its names are its own.
    Scope,
    /// What is taken from another file.
    Import(Syntax<'t>),
    /// Nothing that says a value: a comment, a type.
    Nothing,
    /// Whatever else: what is in it counts.
    Parts,
}

/// Who sees a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// This file.
    Here,
    /// Others as well.
    Elsewhere,
}

/// A key and its value.
pub(super) struct Pair<'t> {
    pub(super) key: Syntax<'t>,
    pub(super) value: Syntax<'t>,
}

/// A call: `receiver.name(arguments)`.
pub(super) struct Called<'t> {
    pub(super) receiver: Option<Syntax<'t>>,
    pub(super) name: Option<Syntax<'t>>,
    pub(super) arguments: Vec<Syntax<'t>>,
    /// Arguments by their names.
    pub(super) keywords: Vec<Pair<'t>>,
}

/// The named children of a node, comments left out.
pub(super) fn children<'t>(node: Syntax<'t>) -> Vec<Syntax<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// The children under a field.
pub(super) fn field<'t>(node: Syntax<'t>, name: &str) -> Option<Syntax<'t>> {
    node.child_by_field_name(name)
}

/// A part of something by a text that is its name: `a["b"]`.
pub(super) fn by_name<'t>(object: Option<Syntax<'t>>, index: Option<Syntax<'t>>) -> Shape<'t> {
    match (object, index) {
        (Some(object), Some(index)) if index.kind().contains("string") => Shape::Member(object, index),
        _ => Shape::Parts,
    }
}

/// What a node is that stands for the only one in it.
pub(super) fn inner(node: Syntax<'_>) -> Shape<'_> {
    children(node).into_iter().next().map_or(Shape::Nothing, Shape::Same)
}

/// The two operands of a `+`, or whatever else an operator makes.
pub(super) fn sum(node: Syntax<'_>) -> Shape<'_> {
    let is_sum = field(node, "operator").is_some_and(|operator| operator.kind() == "+");
    match (field(node, "left"), field(node, "right")) {
        (Some(left), Some(right)) if is_sum => Shape::Joined(vec![left, right]),
        _ => Shape::Parts,
    }
}
