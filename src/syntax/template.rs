//! Text that is not yet in its language: templates of Helm, Go, Jinja, Terraform, whose actions become holes.
//!
//! Nothing is rendered. What stands between the actions is read as if each arm of a condition were there.

use super::interpolation::end_of_expression;
use super::{Hole, HoleKind};

/// The actions of a template and how they end: Go and Helm, Jinja's statements and comments, embedded Ruby.
const ACTIONS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];
/// First words of actions that direct what follows and give no text.
const DIRECTING: [&str; 9] = ["if", "else", "end", "range", "with", "define", "block", "break", "continue"];
/// Functions that give lines of YAML, where an action ends its own.
const LINES: [&str; 4] = ["indent", "toYaml", "tplvalues", "toJson"];

/// The marks of a template in a text that should be valid without.
pub(super) fn has_actions(text: &str) -> bool {
    ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark))
}

/// What opens a hole in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signs {
    /// Actions; `$` is text, as in the shell scripts of charts.
    Actions,
    /// Actions, and Terraform's `${…}` and `%{…}`.
    WithTerraform,
}

/// The holes of a template, sorted; `None` if one has no end.
pub(crate) fn holes(text: &str, signs: Signs) -> Option<Vec<Hole>> {
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['{', '<', '$', '%']).map(|start| at + start) {
        let rest = &text[start..];
        let hole = match ACTIONS.iter().find(|(open, _)| rest.starts_with(open)) {
            Some((open, close)) => {
                let end = end_of_action(text, start + open.len(), close)?;
                let inner = &text[start + open.len()..end];
                let kind = if *open == "{{" { kind_of(inner, text, start..end) } else { HoleKind::Directive };
                Some(Hole { range: start..end, kind })
            }
            None if signs == Signs::Actions => None,
            None if rest.starts_with("$${") || rest.starts_with("%%{") => {
                at = start + 3;
                continue;
            }
            None if rest.starts_with("${") || rest.starts_with("%{") => {
                let end = end_of_expression(text.as_bytes(), start + 2);
                text[..end].ends_with('}').then_some(())?;
                let kind = if rest.starts_with('$') { HoleKind::Value } else { HoleKind::Directive };
                Some(Hole { range: start..end, kind })
            }
            None => None,
        };
        at = hole.as_ref().map_or(start + 1, |hole| hole.range.end);
        holes.extend(hole);
    }
    Some(holes)
}

/// The byte after the end of an action; strings and comments in it may hold what looks like one.
pub(super) fn end_of_action(text: &str, from: usize, close: &str) -> Option<usize> {
    let found = |mark: &str, from: usize| text[from..].find(mark).map(|at| from + at + mark.len());
    if close == "#}" {
        return found(close, from);
    }
    if text[from..].trim_start_matches('-').trim_start().starts_with("/*") {
        return found(close, found("*/", from)?);
    }
    let mut quote = None;
    let mut bytes = text.bytes().enumerate().skip(from);
    while let Some((at, byte)) = bytes.next() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(b'"' | b'\'') if byte == b'\\' => drop(bytes.next()),
            Some(_) => {}
            None if text.as_bytes()[at..].starts_with(close.as_bytes()) => return Some(at + close.len()),
            None if matches!(byte, b'"' | b'`' | b'\'') => quote = Some(byte),
            None => {}
        }
    }
    None
}

/// Whether an action of Go gives text.
fn kind_of(inner: &str, text: &str, range: std::ops::Range<usize>) -> HoleKind {
    let inner = inner.trim_start_matches('-').trim_start();
    let word: &str = inner.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
    let after = text[range.end..].chars().find(|character| *character == '\n' || !character.is_whitespace());
    let ends_line = after.is_none_or(|character| character == '\n');
    // Behind the key of an image stands a value, however it is made.
    let of_image = text[..range.start].trim_end_matches(' ').ends_with("image:");
    let gives_lines = ends_line && !of_image && LINES.iter().any(|function| inner.contains(function));
    if DIRECTING.contains(&word)
        || inner.starts_with("/*")
        || inner.starts_with('$') && inner.contains(":=")
        || gives_lines
    {
        HoleKind::Directive
    } else {
        HoleKind::Value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_and_what_they_give() {
        let rows: [(&str, &[(&str, HoleKind)]); 11] = [
            ("a: {{ .Values.x }}", &[("{{ .Values.x }}", HoleKind::Value)]),
            (
                "{{- if eq .x \"}}\" }}a{{ end -}}",
                &[("{{- if eq .x \"}}\" }}", HoleKind::Directive), ("{{ end -}}", HoleKind::Directive)],
            ),
            ("{{/* \"it's */}}", &[("{{/* \"it's */}}", HoleKind::Directive)]),
            ("a: {{ toYaml .x | nindent 2 }}\n", &[("{{ toYaml .x | nindent 2 }}", HoleKind::Directive)]),
            ("{% for x in y %}{{ x }}", &[("{% for x in y %}", HoleKind::Directive), ("{{ x }}", HoleKind::Value)]),
            ("{{ $x := 1 }}", &[("{{ $x := 1 }}", HoleKind::Directive)]),
            ("$${a} ${b} %{ if c }", &[("${b}", HoleKind::Value), ("%{ if c }", HoleKind::Directive)]),
            ("{{ `{{` }}x", &[("{{ `{{` }}", HoleKind::Value)]),
            ("{{- /* was {{ .x }} \"*/}}a", &[("{{- /* was {{ .x }} \"*/}}", HoleKind::Directive)]),
            (
                "{# 5\" disk #}{% if x == '\"' %}",
                &[("{# 5\" disk #}", HoleKind::Directive), ("{% if x == '\"' %}", HoleKind::Directive)],
            ),
            ("image: {{ .x | toJson }}", &[("{{ .x | toJson }}", HoleKind::Value)]),
        ];
        for (text, expected) in rows {
            let found: Vec<_> = holes(text, Signs::WithTerraform)
                .unwrap()
                .into_iter()
                .map(|hole| (&text[hole.range.clone()], hole.kind))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn an_action_without_end_is_no_template() {
        for text in ["é {{ open", "{% if", "{{/* {{ }}", "a ${b", "{{ \"}}"] {
            assert_eq!(holes(text, Signs::WithTerraform), None, "{text}");
        }
        assert_eq!(holes("${X//\"/} $(y) %{z", Signs::Actions), Some(Vec::new()));
    }
}
