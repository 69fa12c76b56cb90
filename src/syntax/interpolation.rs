//! `${…}` and `%{…}` in templates of HCL: where each begins and ends.

use super::{Hole, HoleKind};

/// The interpolations `${…}` and directives `%{…}` of a template, with what they nest. `$${` and `%%{` are none.
pub(super) fn template_holes(text: &str) -> Vec<Hole> {
    let bytes = text.as_bytes();
    let mut holes = Vec::new();
    let mut at = 0;
    while at + 1 < bytes.len() {
        let kind = match bytes[at] {
            b'$' => HoleKind::Value,
            b'%' => HoleKind::Directive,
            _ => {
                at += 1;
                continue;
            }
        };
        if bytes[at + 1] == bytes[at] && bytes.get(at + 2) == Some(&b'{') {
            at += 3;
        } else if bytes[at + 1] == b'{' {
            let end = end_of_expression(bytes, at + 2);
            holes.push(Hole { range: at..end, kind });
            at = end;
        } else {
            at += 1;
        }
    }
    holes
}

/// The byte after the `}` that closes an expression: braces nest, and strings hold templates of their own.
pub(super) fn end_of_expression(bytes: &[u8], from: usize) -> usize {
    let mut open = vec![b'}'];
    let mut at = from;
    while let Some(close) = open.last() {
        let Some(byte) = bytes.get(at) else { return bytes.len() };
        let in_string = *close == b'"';
        match byte {
            b'\\' if in_string => at += 1,
            b'$' | b'%' if in_string && bytes.get(at + 1) == Some(&b'{') => {
                open.push(b'}');
                at += 1;
            }
            b'{' if !in_string => open.push(b'}'),
            b'"' if !in_string => open.push(b'"'),
            _ if byte == close => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_nest_braces_and_strings() {
        let rows = [
            ("a${b}c", vec!["${b}"]),
            ("${a ? \"}\" : \"${c}\"}x", vec!["${a ? \"}\" : \"${c}\"}"]),
            ("$${a}%%{b}", vec![]),
            ("%{ if a }${b}%{ endif ~}", vec!["%{ if a }", "${b}", "%{ endif ~}"]),
            ("${{a = \"b\"}[\"a\"]}", vec!["${{a = \"b\"}[\"a\"]}"]),
            ("${a", vec!["${a"]),
            ("100%", vec![]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = template_holes(text).iter().map(|hole| &text[hole.range.clone()]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
