//! What a text, a key or a function says by its form alone.

use std::ops::Range;

use crate::syntax::{HoleKind, Scalar};

/// Functions of Terraform whose value is one of their arguments, or is made of them as they are.
const PASSING: [&str; 32] = [
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "defaults",
    "distinct",
    "element",
    "flatten",
    "jsondecode",
    "jsonencode",
    "list",
    "lower",
    "map",
    "merge",
    "nonsensitive",
    "object",
    "one",
    "reverse",
    "sensitive",
    "set",
    "sort",
    "tolist",
    "tomap",
    "toset",
    "tostring",
    "trimspace",
    "try",
    "tuple",
    "values",
    "yamldecode",
    "yamlencode",
    "zipmap",
];

/// Whether a function passes on what it is given.
pub(super) fn passes_on(function: &str) -> bool {
    PASSING.contains(&function)
}

/// Whether two keys are one, in the spellings of JSON, CloudFormation and Terraform: `containerDefinitions`,
/// `ContainerDefinitions`, `container_definitions`.
pub(super) fn same_key(one: &str, other: &str) -> bool {
    let letters = |key: &str| -> Vec<u8> {
        key.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
    };
    one == other || (one.len().abs_diff(other.len()) <= 4 && letters(one) == letters(other))
}

/// How many bytes of the way to a place are shown, and how many of a key on it.
const PATH_MAX: usize = 1000;
const KEY_MAX: usize = 250;

/// Adds a key to the way to a place. What is longer than any key of ours is cut: each finding below it shows it.
pub(super) fn push_key(path: &mut String, key: &str) {
    let room = PATH_MAX.saturating_sub(path.len()).min(KEY_MAX);
    if key.len() <= room {
        return path.push_str(key);
    }
    let end = (0..=room).rev().find(|at| key.is_char_boundary(*at)).unwrap_or(0);
    path.push_str(&key[..end]);
    path.push('…');
}

/// How often a variable may stand in the default of another one before nobody has written that by hand.
const DEFAULTS_MAX: usize = 8;

/// The part of a text that is the reference: behind the scheme by which other programs say that it is an image, and in
/// the default of a variable that is all of it (`${IMAGE:-nginx:1}`), where the language has none of its own.
pub(super) fn reference_within(scalar: &Scalar<'_>) -> Option<Range<usize>> {
    let text = scalar.value();
    let mut range = 0..text.len();
    for _ in 0..DEFAULTS_MAX {
        match wrapped(&text[range.clone()], scalar.holes().is_empty()) {
            Some(inner) => range = range.start + inner.start..range.start + inner.end,
            None => return (range.len() < text.len()).then_some(range),
        }
    }
    None
}

/// What stands behind one scheme, or in one variable.
fn wrapped(text: &str, has_no_holes: bool) -> Option<Range<usize>> {
    if let Some(scheme) = ["docker://", "docker-image://"].iter().find(|scheme| text.starts_with(**scheme)) {
        return Some(scheme.len()..text.len());
    }
    let inner = text.strip_prefix("${")?.strip_suffix('}').filter(|_| has_no_holes)?;
    let name = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let sign = [":-", ":=", "-", "="].iter().find(|sign| inner[name..].starts_with(**sign)).filter(|_| name > 0)?;
    let start = "${".len() + name + sign.len();
    // One variable to the end, and not two with text between them.
    let depth = text[start..text.len() - 1].bytes().try_fold(0usize, |depth, byte| match byte {
        b'{' => Some(depth + 1),
        b'}' => depth.checked_sub(1),
        _ => Some(depth),
    });
    (depth == Some(0) && start < text.len() - 1).then(|| start..text.len() - 1)
}

/// The two arms of a text that is a condition and nothing else: `%{ if … }nginx%{ else }redis%{ endif }`.
pub(super) fn arms(scalar: &Scalar<'_>) -> Option<[Range<usize>; 2]> {
    let mut directives = scalar.holes().iter().filter(|hole| hole.kind == HoleKind::Directive).map(|hole| &hole.range);
    let (condition, middle, end) = (directives.next()?, directives.next()?, directives.next()?);
    let says = |range: &Range<usize>, word: &str| {
        let inner = scalar.value()[range.clone()].trim_matches(['%', '{', '}', '~']);
        inner.split_whitespace().next() == Some(word)
    };
    let is_all = condition.start == 0 && end.end == scalar.value().len() && directives.next().is_none();
    let is_condition = says(condition, "if") && says(middle, "else") && says(end, "endif");
    let arms = [condition.end..middle.start, middle.end..end.start];
    (is_all && is_condition && arms.iter().all(|arm| !arm.is_empty())).then_some(arms)
}

/// Whether a text that is named like an image may be one: no bare name, no address, no file, no sentence.
pub(super) fn may_name_image(text: &str) -> bool {
    const FILES: [&str; 9] = [".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".ico", ".img", ".iso"];
    let small = text.to_ascii_lowercase();
    text.len() <= 300
        && text.contains([':', '@', '/'])
        && !text.contains("://")
        && !text.contains(|c: char| c.is_whitespace() || c == ',')
        && !FILES.iter().any(|end| small.split('?').next().unwrap_or_default().ends_with(end))
        && !text.starts_with(['/', '.', '#'])
}

/// Whether a text may be a reference whose host is filled in.
pub(super) fn begins_with_hole(scalar: &Scalar<'_>) -> bool {
    let begins = scalar.holes().first().is_some_and(|hole| hole.range.start == 0 && hole.kind == HoleKind::Value);
    begins && scalar.value().contains('/') && !scalar.value().contains('\n')
}

/// Whether a text may be a reference with a host: a cheap test, the parser decides.
pub(super) fn reads_like_reference(text: &str) -> bool {
    let text = text.strip_prefix("oci://").unwrap_or(text);
    text.split_once('/').is_some_and(|(host, path)| {
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".:-".contains(&byte);
        host.contains('.') && host.bytes().all(is_host) && !path.is_empty() && !text.contains(char::is_whitespace)
    })
}
