//! Dockerfiles: instructions and their words.
//!
//! A file is a sequence of mappings with one key each: the instruction in capitals, or the name of a parser directive
//! (`syntax`). It holds its words; a flag is a mapping (`--from`), `--mount` one of its options, and so is a variable of `ARG`.
//! What `ONBUILD` defers stands as an instruction of its own. Bodies of heredocs are no instructions and have no node.

use std::borrow::Cow;
use std::ops::Range;

use super::placement::Mapping;
use super::{Entry, Fragment, Kind, Node, Placement, Scalar, Style};
use crate::source::Span;

/// Reads the instructions. There is no text that is no Dockerfile: what is not understood has no node.
pub(super) fn parse<'a>(fragment: &Fragment<'a>) -> Node<'a> {
    let mut reader = Reader { fragment, at: 0, escape: '\\' };
    let mut nodes = reader.directives();
    while let Some(line) = reader.logical_line() {
        nodes.extend(reader.instruction(&line));
    }
    let end = fragment.base + fragment.text.len();
    Node::new(Span::new(fragment.base, end), Kind::Sequence(nodes.into()))
}

struct Reader<'f, 'a> {
    fragment: &'f Fragment<'a>,
    /// The first byte that is not read yet.
    at: usize,
    /// What continues a line, as the directive `escape` says.
    escape: char,
}

/// Lines joined by continuations, without the comments between them.
#[derive(Default)]
struct Logical {
    text: String,
    /// (offset in `text`, offset in the fragment, length), in order.
    runs: Vec<(usize, usize, usize)>,
}

impl<'a> Reader<'_, 'a> {
    /// The next line of the fragment with its offset, without its end.
    fn line(&mut self) -> Option<(usize, &'a str)> {
        let rest: &'a str = self.fragment.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        self.at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    }

    /// The directives, which stand before everything else: `# syntax=docker/dockerfile:1`.
    fn directives(&mut self) -> Vec<Node<'a>> {
        let mut nodes = Vec::new();
        loop {
            let before = self.at;
            let directive = self.line().and_then(|(start, line)| {
                let (name, value) = line.trim_start().strip_prefix('#')?.split_once('=')?;
                let name = name.trim();
                let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
                is_name
                    .then(|| (name.to_ascii_lowercase(), start + (line.len() - value.trim_start().len()), value.trim()))
            });
            let Some((name, start, value)) = directive else {
                self.at = before;
                return nodes;
            };
            if name == "escape" {
                // BuildKit knows two, and takes no file that names another.
                self.escape = if value == "`" { '`' } else { '\\' };
            }
            let run = Logical { text: value.to_owned(), runs: vec![(0, start, value.len())] };
            let node = self.scalar(&run, 0..value.len());
            nodes.push(mapping(Cow::Owned(name), node));
        }
    }

    fn logical_line(&mut self) -> Option<Logical> {
        let mut logical = Logical::default();
        let mut continues = false;
        while let Some((start, line)) = self.line() {
            let code = line.trim();
            if code.starts_with('#') || (code.is_empty() && !continues) {
                continue;
            }
            // A doubled sign is the sign itself.
            let end = line.trim_end().strip_suffix(self.escape).filter(|rest| !rest.ends_with(self.escape));
            let kept = end.unwrap_or(line);
            if !kept.is_empty() {
                logical.runs.push((logical.text.len(), start, kept.len()));
                logical.text.push_str(kept);
            }
            continues = end.is_some() || code.is_empty();
            if !continues {
                return Some(logical);
            }
        }
        (!logical.text.is_empty()).then_some(logical)
    }

    fn instruction(&mut self, line: &Logical) -> Option<Node<'a>> {
        let first = words(&line.text, false, self.escape).next()?;
        let is_script = ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL", "ONBUILD"]
            .iter()
            .any(|name| line.text[first.clone()].eq_ignore_ascii_case(name));
        let mut words = words(&line.text, !is_script, self.escape);
        let mut word = words.next()?;
        if line.text[word.clone()].eq_ignore_ascii_case("ONBUILD") {
            word = words.next()?;
        }
        let name = line.text[word].to_ascii_uppercase();
        let words: Vec<_> = words.collect();
        if matches!(name.as_str(), "RUN" | "COPY" | "ADD") {
            words.iter().for_each(|word| self.skip_heredoc(&line.text[word.clone()]));
        }
        // Behind the first other word, a flag is one of the command's.
        let flags = words.iter().take_while(|word| line.text[word.start..].starts_with("--")).count();
        let word = |(index, word): (usize, Range<usize>)| {
            if index < flags || name == "ARG" { self.word(line, word) } else { self.scalar(line, word) }
        };
        let nodes: Vec<_> = words.into_iter().enumerate().map(word).collect();
        let span = self.span(line, 0..line.text.len());
        Some(mapping(Cow::Owned(name), Node::new(span, Kind::Sequence(nodes.into()))))
    }

    /// A word: a flag, a variable with its default, or text.
    fn word(&self, line: &Logical, range: Range<usize>) -> Node<'a> {
        let text = &line.text[range.clone()];
        let Some(at) = text.find('=') else { return self.scalar(line, range) };
        let (key, value) = (text[..at].to_owned(), range.start + at + 1..range.end);
        let value = if key == "--mount" { self.options(line, value) } else { self.scalar(line, value) };
        mapping(Cow::Owned(key), value)
    }

    /// `type=bind,from=image`.
    fn options(&self, line: &Logical, range: Range<usize>) -> Node<'a> {
        let mut start = range.start;
        let mut entries = Vec::new();
        for option in line.text[range.clone()].split(',') {
            if let Some((key, value)) = option.split_once('=') {
                let value_start = start + key.len() + 1;
                let key = key.to_ascii_lowercase();
                let value = self.scalar(line, value_start..value_start + value.len());
                entries.push(Entry { key: Cow::Owned(key), value });
            }
            start += option.len() + 1;
        }
        Node::new(self.span(line, range), Kind::Mapping(entries.into()))
    }

    /// Text without the quotes around it.
    fn scalar(&self, line: &Logical, range: Range<usize>) -> Node<'a> {
        let text = &line.text[range.clone()];
        let is_quoted =
            text.len() > 1 && ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
        let style = if is_quoted && text.starts_with('\'') { Style::SingleQuoted } else { Style::Plain };
        let range = if is_quoted { range.start + 1..range.end - 1 } else { range };
        let mut map = Mapping::default();
        let first = line.runs.partition_point(|(value, _, length)| value + length <= range.start);
        for (value, raw, length) in &line.runs[first..] {
            let (start, end) = (range.start.max(*value), range.end.min(value + length));
            if start >= end {
                break;
            }
            {
                map.same(start - range.start, self.fragment.base + raw + (start - value), end - start);
            }
        }
        let span = self.span(line, range.clone());
        let value = line.text[range].to_owned();
        let placement = Placement::mapped(span, style, map, self.fragment.within.clone());
        Node::new(span, Kind::Scalar(Scalar::new(value, Vec::new(), placement)))
    }

    fn span(&self, line: &Logical, range: Range<usize>) -> Span {
        let raw = |at: usize| {
            let after = line.runs.partition_point(|run| run.0 <= at);
            let run = line.runs.get(after.saturating_sub(1));
            self.fragment.base + run.map_or(0, |(value, raw, length)| raw + (at - value).min(*length))
        };
        let end = if range.is_empty() { raw(range.start) } else { raw(range.end - 1) + 1 };
        Span::new(raw(range.start), end)
    }

    /// Reads on to the end of the heredoc that a word opens.
    fn skip_heredoc(&mut self, word: &str) {
        // A descriptor may stand before it; anything else is no heredoc: `$((1<<20))`, `<<<`.
        let Some((before, opened)) = word.split_once("<<") else { return };
        if !before.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        let (opened, is_indented) = opened.strip_prefix('-').map_or((opened, false), |rest| (rest, true));
        let end: String = opened.chars().filter(|character| !['"', '\'', '\\'].contains(character)).collect();
        if end.is_empty() || end.contains('<') {
            return;
        }
        while let Some((_, line)) = self.line() {
            let line = if is_indented { line.trim_start_matches('\t') } else { line };
            if line == end {
                return;
            }
        }
    }
}

fn mapping<'a>(key: Cow<'a, str>, value: Node<'a>) -> Node<'a> {
    Node::new(value.span(), Kind::Mapping(Box::new([Entry { key, value }])))
}

/// What keeps its spaces within a word.
const QUOTES: [(&str, &str); 3] = [("\"", "\""), ("'", "'"), ("{{", "}}")];

/// The words of a line; quotes keep their spaces, and with `actions` the actions of templates do too.
fn words(text: &str, actions: bool, escape: char) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|character: char| !character.is_whitespace())?;
        let mut closing: Option<&str> = None;
        let mut skip = 0;
        let length = text[start..].char_indices().find_map(|(offset, character)| {
            if offset < skip {
                return None;
            }
            let rest = &text[start + offset..];
            match closing {
                Some(close) if rest.starts_with(close) => {
                    closing = None;
                    skip = offset + close.len();
                    None
                }
                Some("'" | "}}") => None,
                _ if character == escape => {
                    let next = rest[escape.len_utf8()..].chars().next().map_or(0, char::len_utf8);
                    skip = offset + escape.len_utf8() + next;
                    None
                }
                Some(_) => None,
                None => {
                    let mut quotes = QUOTES.iter().filter(|(open, _)| actions || *open != "{{");
                    let opens = quotes.find(|(open, _)| rest.starts_with(open));
                    if let Some((open, close)) = opens {
                        closing = Some(close);
                        skip = offset + open.len();
                    }
                    character.is_whitespace().then_some(offset)
                }
            }
        });
        at = length.map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each instruction as text: `NAME word|--flag=word`.
    fn read(text: &str) -> Vec<String> {
        fn shown(node: &Node<'_>) -> String {
            match &node.kind {
                Kind::Scalar(scalar) => scalar.value().to_owned(),
                Kind::Mapping(entries) => entries
                    .iter()
                    .map(|entry| format!("{}={}", entry.key, shown(&entry.value)))
                    .collect::<Vec<_>>()
                    .join(","),
                _ => node.children().into_iter().map(shown).collect::<Vec<_>>().join("|"),
            }
        }
        let fragment = Fragment { text, base: 0, holes: &[], within: None };
        parse(&fragment).children().into_iter().map(shown).collect()
    }

    #[test]
    fn instructions_and_their_words() {
        let rows: [(&str, &[&str]); 10] = [
            ("FROM a:1 AS b\n", &["FROM=a:1|AS|b"]),
            ("from --platform=$X \\\n  # no\n\n  a\n", &["FROM=--platform=$X|a"]),
            ("# syntax=x:1\n# escape=`\nFROM `\n a\n", &["syntax=x:1", "escape=`", "FROM=a"]),
            ("\n# syntax=x:1\nFROM a", &["FROM=a"]),
            ("# escape=1\nFROM a1 \\\n b1", &["escape=1", "FROM=a1|b1"]),
            ("RUN <<EOF cat\nFROM b\nEOF\nCOPY --from=c /a /b", &["RUN=<<EOF|cat", "COPY=--from=c|/a|/b"]),
            ("RUN --mount=type=bind,from=a,target=/x make", &["RUN=--mount=type=bind,from=a,target=/x|make"]),
            ("ONBUILD COPY --from=a b c", &["COPY=--from=a|b|c"]),
            ("ARG A=\"x y\" B", &["ARG=A=x y|B"]),
            ("LABEL x=FROM\nFROM {{ a b }}:1", &["LABEL=x=FROM", "FROM={{ a b }}:1"]),
        ];
        for (text, expected) in rows {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_across_lines_has_no_consecutive_bytes() {
        let text = "FROM a\\\nb:1\r\n";
        let fragment = Fragment { text, base: 0, holes: &[], within: None };
        let root = parse(&fragment);
        let word = root.children()[0].get("FROM").unwrap().elements().unwrap()[0].scalar().unwrap().clone();
        assert_eq!(word.value(), "ab:1");
        assert_eq!(word.placement().replace(0..2, "c"), None);
        assert_eq!(word.placement().replace(1..2, "c").unwrap().span, Span::new(8, 9));
    }
}
