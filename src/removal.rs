//! Taking an entry out of a mapping: the bytes of key and value, with what separates them from the next.
//!
//! Only where that is plain to see: an entry on lines of its own, or one of JSON. Elsewhere nothing is taken out.

use crate::edit::Edit;
use crate::source::Span;

/// The change that takes the entry with this value out of its mapping.
pub(crate) fn removal(text: &str, value: Span) -> Option<Edit> {
    let raw = text.get(value.range())?;
    let end = value.start + raw.trim_end().len();
    let key = key_before(text, value.start)?;
    let take = |start: usize, end: usize| Some(Edit { span: Span::new(start, end), text: String::new() });
    let after = &text[end..];
    let next = end + (after.len() - after.trim_start().len());
    // Between brackets: with the comma before it, or the one behind it.
    let before = text[..key].trim_end();
    let is_json = text[key..].starts_with('"');
    if is_json && before.ends_with(',') {
        return take(before.len() - 1, end);
    }
    if is_json && before.ends_with('{') {
        return match text[next..].chars().next()? {
            ',' => {
                let rest = &text[next + 1..];
                take(key, next + 1 + (rest.len() - rest.trim_start().len()))
            }
            '}' => take(key, end),
            _ => None,
        };
    }
    // On lines of its own.
    let line = text[..key].rfind('\n').map_or(0, |at| at + 1);
    let lead = text[line..key].trim_start_matches('\u{feff}');
    if !lead.bytes().all(|byte| byte == b' ' || byte == b'\t') {
        return None;
    }
    let rest = after.split_inclusive('\n').next().unwrap_or_default();
    let said = rest.trim_start_matches([' ', '\t', ',']).trim_end_matches(['\n', '\r']).trim_end();
    if !(said.is_empty() || said.starts_with('#')) {
        return None;
    }
    let start = line + (key - line - lead.len());
    take(start, end + rest.len())
}

/// The byte at which the key of a value begins, quotes included; an HCL block has its word right before it.
fn key_before(text: &str, value: usize) -> Option<usize> {
    let before = text[..value].trim_end();
    let before = before.strip_suffix([':', '=']).unwrap_or(before).trim_end();
    let quote = before.chars().last().filter(|last| *last == '"' || *last == '\'');
    let start = match quote {
        Some(quote) => before[..before.len() - 1].rfind(quote)?,
        None => {
            let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
            before.rfind(|character| !is_word(character)).map_or(0, |at| at + 1)
        }
    };
    (start < before.len()).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;

    #[test]
    fn entries_that_are_taken_out() {
        let rows = [
            ("{\"a\": 1, \"k\": {V}, \"b\": 2}", Some("{\"a\": 1, \"b\": 2}")),
            ("{\"k\": {V}, \"b\": 2}", Some("{\"b\": 2}")),
            ("{\"k\": {V}}", Some("{}")),
            ("{\n  \"a\": 1,\n  \"k\": {V}\n}", Some("{\n  \"a\": 1\n}")),
            ("a: 1\nk:\n  {V}\nb: 2\n", Some("a: 1\nb: 2\n")),
            ("a: 1\nk: {V} # gone\nb: 2\n", Some("a: 1\nb: 2\n")),
            ("- k: {V}\n  b: 2\n", None),
            ("{a: 1, k: {V}}\n", None),
            ("  a = 1\n  k = {V}\n  b = 2\n", Some("  a = 1\n  b = 2\n")),
            ("  a = 1,\r\n  k = {V},\r\n  b = 2\r\n", Some("  a = 1,\r\n  b = 2\r\n")),
            ("  k {V}\n  b = 2\n", Some("  b = 2\n")),
            ("x = [{ k = {V} }]\n", None),
            ("k: {V}", Some("")),
        ];
        for (text, expected) in rows {
            let at = text.find("{V}").unwrap();
            let edit = removal(text, Span::new(at, at + 3));
            let changed = edit.map(|edit| apply(text, [&edit]).unwrap());
            assert_eq!(changed.as_deref(), expected, "{text}");
        }
    }
}
