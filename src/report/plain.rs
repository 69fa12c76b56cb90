//! Texts of others in reports for people: what a file is called and what stands in it reaches a terminal, and the log of
//! a pipeline, as letters and never as commands.

use std::borrow::Cow;
use std::fmt::Write;

/// A text on one line, as people may read it anywhere: control characters are shown (`\n`, `\u{1b}`), and what the log of
/// a pipeline would take for a command (`::name …` at the start of a line, `##[name …]` anywhere) is none any longer.
pub fn plain(text: &str) -> Cow<'_, str> {
    let begins_like_command = text.trim_start().starts_with("::");
    if !begins_like_command && !text.contains("##") {
        return visible(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut rest = text;
    if begins_like_command {
        let lead = text.len() - text.trim_start().len();
        shown.push_str(&visible(&text[..lead]));
        push_code(&mut shown, ':');
        rest = &text[lead + 1..];
    }
    while let Some(bracket) = bracket_of_command(rest) {
        shown.push_str(&visible(&rest[..bracket]));
        push_code(&mut shown, '[');
        rest = &rest[bracket + 1..];
    }
    shown.push_str(&visible(rest));
    Cow::Owned(shown)
}

/// How many characters of a text are shown where many stand below each other.
const SHORT: usize = 500;

/// The beginning of a text that is very long for a reference, and the whole of any other.
pub fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHORT) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A message of several lines, each as [`plain`] shows it.
pub fn lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// A document of JSON that says the same, and nothing of which a terminal or the log of a pipeline takes for a command:
/// `#` and what is hidden stand in texts only, but for the ends of lines.
pub fn json(document: String) -> String {
    let is_odd = |one: char| one != '\n' && is_hidden(one);
    let document = if document.contains("##") { document.replace("##", "#\\u0023") } else { document };
    if !document.contains(is_odd) {
        return document;
    }
    let mut shown = String::with_capacity(document.len() + 16);
    for character in document.chars() {
        match character {
            odd if is_odd(odd) => drop(write!(shown, "\\u{:04x}", u32::from(odd))),
            other => shown.push(other),
        }
    }
    shown
}

/// A text whose control characters are shown: `\n`, `\t`, `\u{1b}`. So are those that turn the direction of a line, or
/// end it for some readers.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            hidden if is_hidden(hidden) => push_code(&mut shown, hidden),
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is none that people see: a control character, or one that turns a line.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Where the bracket of `##[` or `##name[` stands.
fn bracket_of_command(text: &str) -> Option<usize> {
    text.match_indices("##").find_map(|(at, _)| {
        let name = text[at..].trim_start_matches('#').trim_start_matches(|one: char| one.is_ascii_alphanumeric());
        name.starts_with('[').then(|| text.len() - name.len())
    })
}

fn push_code(shown: &mut String, character: char) {
    let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown() {
        assert_eq!(plain("a\nb\r\tc\u{1b}[31m\u{7f}\u{9b}é"), "a\\nb\\r\\tc\\u{1b}[31m\\u{7f}\\u{9b}é");
        assert_eq!(plain("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(plain("nginx:1.27 ::x # ## [x]"), "nginx:1.27 ::x # ## [x]");
        assert!(matches!(plain("docker.io/library/nginx:1.27"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_pipeline_takes_for_a_command_is_none() {
        assert_eq!(plain("::error::x"), "\\u{3a}:error::x");
        assert_eq!(plain(" \t::error::x"), " \\t\\u{3a}:error::x");
        assert_eq!(plain("a ##[error]x ##[warning]y"), "a ##\\u{5b}error]x ##\\u{5b}warning]y");
        assert_eq!(plain("##vso[task.setvariable]"), "##vso\\u{5b}task.setvariable]");
        assert_eq!(plain("## ##[x]"), "## ##\\u{5b}x]");
        assert_eq!(short(&"é".repeat(SHORT)), "é".repeat(SHORT));
        assert_eq!(short(&"é".repeat(SHORT + 1)), "é".repeat(SHORT) + "…");
        assert_eq!(json(r"['##[x] ###']".to_owned()), r"['#\u0023[x] #\u0023#']");
        assert_eq!(json("['\u{202e}\u{7f}é',\n]".to_owned()), "['\\u202e\\u007fé',\n]");
        assert_eq!(lines("first\n  ::error::x\nlast"), "first\n  \\u{3a}:error::x\nlast");
    }
}
