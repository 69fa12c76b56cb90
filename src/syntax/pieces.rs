//! Where a long text of HCL may be cut: between its outermost blocks.

use std::ops::Range;

use super::interpolation::end_of_expression;

/// Consecutive ranges that are the whole text, each but the last at least `length` bytes long and cut at the start of a line
/// outside of all brackets, strings, heredocs and comments. Text that does not end where it should is one piece.
pub(super) fn of(text: &str, length: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut depth = 0_usize;
    let end_of_line = |from: usize| text[from..].find('\n').map_or(text.len(), |length| from + length);
    while at < bytes.len() {
        at = match bytes[at] {
            b'#' => end_of_line(at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => end_of_line(at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                text[at + 2..].find("*/").map_or(text.len(), |length| at + 2 + length + 2)
            }
            b'"' => end_of_string(bytes, at),
            b'<' if bytes.get(at + 1) == Some(&b'<') => end_of_heredoc(text, at),
            b'{' | b'[' | b'(' => {
                depth += 1;
                at + 1
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            b'\n' if depth == 0 && at + 1 - start >= length && at + 1 < bytes.len() => {
                pieces.push(start..at + 1);
                start = at + 1;
                at + 1
            }
            _ => at + 1,
        };
    }
    pieces.push(start..text.len());
    pieces
}

/// The byte after the quote that closes a string.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => return at + 1,
            b'\\' => at + 2,
            b'$' | b'%' if bytes.get(at + 1) == Some(byte) && bytes.get(at + 2) == Some(&b'{') => at + 3,
            b'$' | b'%' if bytes.get(at + 1) == Some(&b'{') => end_of_expression(bytes, at + 2),
            _ => at + 1,
        };
    }
    bytes.len()
}

/// The end of the line with the word that closes a heredoc; where none is opened, the byte after the signs.
fn end_of_heredoc(text: &str, start: usize) -> usize {
    let opened = text[start + "<<".len()..].strip_prefix('-').unwrap_or(&text[start + "<<".len()..]);
    let is_of_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    let word = &opened[..opened.find(|character| !is_of_word(character)).unwrap_or(opened.len())];
    if word.is_empty() {
        return start + "<<".len();
    }
    let mut at = text.len() - opened.len() + word.len();
    for line in text[at..].split_inclusive('\n') {
        at += line.len();
        if line.trim() == word {
            return at - usize::from(line.ends_with('\n'));
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_lie_between_blocks() {
        let rows: [(&str, &[&str]); 9] = [
            ("a {\n}\nb {\n}\n", &["a {\n}\n", "b {\n}\n"]),
            ("a = 1\nb = 2", &["a = 1\n", "b = 2"]),
            ("a = [\n1,\n]\nb = 2\n", &["a = [\n1,\n]\n", "b = 2\n"]),
            ("a = \"}\n${\"x\n\"}\"\nb {}\n", &["a = \"}\n${\"x\n\"}\"\n", "b {}\n"]),
            ("a = \"$${\"\nb = \"\\\"\n\"\n", &["a = \"$${\"\n", "b = \"\\\"\n\"\n"]),
            ("a = <<-E\n  {\n  E\nb = 1 << 2\nc\n", &["a = <<-E\n  {\n  E\n", "b = 1 << 2\n", "c\n"]),
            ("# {\n/* {\n*/\n// {\r\na", &["# {\n", "/* {\n*/\n", "// {\r\n", "a"]),
            ("a = <<E\n{\n", &["a = <<E\n{\n"]),
            ("a\n#", &["a\n", "#"]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = of(text, 1).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn pieces_have_their_length() {
        let text = "a {\n}\n".repeat(10);
        assert_eq!(of(&text, 13), [0..18, 18..36, 36..54, 54..60]);
    }
}
