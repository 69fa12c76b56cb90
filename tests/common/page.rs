//! Pages of Markdown that show commands and what they print.

use std::fs;
use std::path::Path;

/// What stands for any number of lines left out.
pub(crate) const GAP: &str = "…";

pub(crate) fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// Every fenced block: what stands behind its fence, and its lines. A block ends with the fence that it began with, so
/// that a longer one may hold shorter ones.
pub(crate) fn fenced(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (fence, of_block) = line.split_at(line.len() - line.trim_start_matches('`').len());
        if fence.len() >= 3 {
            found.push((of_block, lines.by_ref().take_while(|line| *line != fence).collect()));
        }
    }
    found
}

/// The lines of each fenced block that begins so.
pub(crate) fn blocks<'t>(text: &'t str, begin: &str) -> Vec<Vec<&'t str>> {
    fenced(text).into_iter().filter(|(of_block, _)| *of_block == begin).map(|(_, lines)| lines).collect()
}

/// The commands of a block, without what they begin with, and the lines that each prints.
pub(crate) fn commands<'t>(block: &[&'t str], begin: &str) -> Vec<(&'t str, Vec<&'t str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix(begin) {
            commands.push((command, Vec::new()));
        } else {
            let (_, lines) = commands.last_mut().unwrap_or_else(|| panic!("`{line}` stands before any command"));
            lines.push(line);
        }
    }
    commands
}

/// The arguments of a command, as a shell splits them: at spaces that stand outside of single quotes.
pub(crate) fn arguments(command: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => arguments.push(String::new()),
            _ => arguments.last_mut().unwrap().push(character),
        }
    }
    assert!(!is_quoted, "`{command}` has a quote without its end");
    arguments
}

/// Whether lines are as expected, where a gap stands for any number of them.
pub(crate) fn matches(expected: &[&str], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&GAP, rest)) => (0..=lines.len()).any(|skipped| matches(rest, &lines[skipped..])),
        Some((first, rest)) => lines.split_first().is_some_and(|(line, lines)| line == first && matches(rest, lines)),
    }
}
