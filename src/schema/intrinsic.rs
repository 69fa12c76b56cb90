//! Intrinsic functions of CloudFormation: which one a node is, and the text that it puts together.

use super::collect::Collector;
use super::form::{Form, Piece, PieceKind};
use crate::syntax::{Hole, HoleKind, Node, Placement, Scalar};

/// An intrinsic function that gives a value.
pub(super) enum Intrinsic<'n, 'a> {
    /// One of these.
    If(&'n [Node<'a>]),
    /// A parameter, or a resource's identifier.
    Ref(&'n str),
    /// Text put together: `Fn::Sub`, `Fn::Join`.
    Text,
    /// A value of a mapping: its name and two keys.
    FindInMap(&'n [Node<'a>]),
    /// Any other, as it is written for people.
    Other(String),
}

impl<'n, 'a> Intrinsic<'n, 'a> {
    /// The intrinsic that a node is, in the long form `{"Ref": …}` or the short one `!Ref …`.
    pub(super) fn of(node: &'n Node<'a>) -> Option<Self> {
        let (name, argument) = call(node)?;
        Some(match name {
            "Ref" => Intrinsic::Ref(argument.text()?),
            "If" => Intrinsic::If(argument.elements()?.get(1..)?),
            "Sub" | "Join" => Intrinsic::Text,
            "FindInMap" => Intrinsic::FindInMap(argument.elements()?),
            _ => Intrinsic::Other(format!("!{name}")),
        })
    }
}

/// The name of an intrinsic without `Fn::`, and its argument.
pub(crate) fn call<'n, 'a>(node: &'n Node<'a>) -> Option<(&'n str, &'n Node<'a>)> {
    if let Some(tag) = node.tag().and_then(|tag| tag.strip_prefix('!')) {
        return (!tag.is_empty() && !tag.starts_with('!')).then_some((tag, node));
    }
    match node.entries()? {
        [only] if only.key == "Ref" => Some(("Ref", &only.value)),
        [only] => only.key.strip_prefix("Fn::").map(|name| (name, &only.value)),
        _ => None,
    }
}

/// The text of a `Fn::Sub`, and what the function itself says for names in it.
pub(super) fn substituted<'n, 'a>(argument: &'n Node<'a>) -> (&'n Node<'a>, Option<&'n Node<'a>>) {
    match argument.elements() {
        Some([template, more @ ..]) => (template, more.first()),
        _ => (argument, None),
    }
}

/// What a `Fn::Sub` that is one name, and nothing else, says for it.
pub(super) fn own_value<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Node<'a>> {
    let ("Sub", argument) = call(node)? else { return None };
    let (template, own) = substituted(argument);
    own?.get(template.text()?.strip_prefix("${")?.strip_suffix('}')?)
}

/// The text that a node is or puts together.
pub(super) struct Text {
    /// With a hole for each value that is not written in it.
    pub(super) scalar: Scalar<'static>,
    pieces: Vec<Piece>,
}

impl Text {
    pub(super) fn of(node: &Node<'_>) -> Option<Self> {
        match call(node) {
            None => {
                let scalar = node.scalar()?.clone().into_owned();
                // A function has no place beside a tag, and an anchor may stand for it elsewhere.
                let is_plain = node.tag().is_none() && node.anchor().is_none();
                let pieces = piece(&scalar, PieceKind::String, Vec::new()).filter(|_| is_plain).into_iter().collect();
                Some(Text { scalar, pieces })
            }
            Some(("Sub", argument)) => {
                let (template, own) = substituted(argument);
                let scalar = template.scalar()?.clone().into_owned();
                let holes = substitutions(scalar.value());
                let scalar = scalar.with_holes(holes);
                let own = own.and_then(Node::entries).unwrap_or_default().iter();
                let own: Vec<String> = own.map(|entry| entry.key.to_string()).collect();
                let pieces = piece(&scalar, PieceKind::Substitution, own).into_iter().collect();
                Some(Text { scalar, pieces })
            }
            Some(("Join", argument)) => {
                let [delimiter, parts] = argument.elements()? else { return None };
                let delimiter = delimiter.text()?;
                let parts = parts.elements()?.iter();
                let texts: Vec<Text> = parts.map(|part| Text::of(part).unwrap_or_else(|| hole(part))).collect();
                let mut joined: Vec<(Option<&Scalar<'_>>, &str)> = Vec::new();
                let mut pieces = Vec::new();
                let mut length = 0;
                for (index, text) in texts.iter().enumerate() {
                    if index > 0 && !delimiter.is_empty() {
                        joined.push((None, delimiter));
                        length += delimiter.len();
                    }
                    let moved = |piece: &Piece| Piece {
                        range: piece.range.start + length..piece.range.end + length,
                        ..piece.clone()
                    };
                    pieces.extend(text.pieces.iter().map(moved));
                    joined.push((Some(&text.scalar), text.scalar.value()));
                    length += text.scalar.value().len();
                }
                Some(Text { scalar: Scalar::concat(&joined, node.span()), pieces })
            }
            Some(_) => None,
        }
    }

    /// What may be filled in there: what may be around it, or functions.
    pub(super) fn form(&self, collector: &Collector) -> Form {
        match collector.form {
            Form::Text if !collector.is_within_text() => Form::Strings(self.pieces.clone()),
            _ => collector.form.clone(),
        }
    }

    /// What may be filled in, in a document that the text holds.
    pub(super) fn inner_form(&self, collector: &Collector) -> Form {
        match (&collector.form, self.pieces.as_slice()) {
            (Form::Text, [Piece { kind: PieceKind::Substitution, range, own, .. }])
                if range.len() == self.scalar.value().len() =>
            {
                Form::Substitution(own.clone())
            }
            (form, _) => form.clone(),
        }
    }
}

/// The text that a node is or puts together, with a hole for each value that is not written in it.
pub(crate) fn text_of(node: &Node<'_>) -> Option<Scalar<'static>> {
    Text::of(node).map(|text| text.scalar)
}

/// A string of the file itself, as a piece of a text.
fn piece(scalar: &Scalar<'_>, kind: PieceKind, own: Vec<String>) -> Option<Piece> {
    match scalar.placement().chain().as_slice() {
        [token] => Some(Piece { range: 0..scalar.value().len(), token: *token, kind, own }),
        _ => None,
    }
}

/// A value that is not text in the template, as `Fn::Sub` would write it.
fn hole(node: &Node<'_>) -> Text {
    let name = match call(node) {
        Some(("Ref", argument)) => argument.text().unwrap_or("Ref").to_owned(),
        Some((name, _)) => name.to_owned(),
        None => "value".to_owned(),
    };
    let value = format!("${{{name}}}");
    let holes = vec![Hole { range: 0..value.len(), kind: HoleKind::Value }];
    let scalar = Scalar::new(value, holes, Placement::unplaced(node.span(), None));
    Text { scalar, pieces: Vec::new() }
}

/// The `${Name}` of a `Fn::Sub`; `${!Literal}` is text.
pub(super) fn substitutions(text: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("${").map(|at| from + at) {
        let end = text[start..].find('}').map_or(text.len(), |at| start + at + 1);
        if !text[start..].starts_with("${!") {
            // In a template within Terraform, a second sign goes before.
            let start = if text[from..start].ends_with('$') { start - 1 } else { start };
            holes.push(Hole { range: start..end, kind: HoleKind::Value });
        }
        from = end;
    }
    holes
}
