//! Comments by which people keep references as they are: `# ecrewrite: ignore`, `# ecrewrite: ignore-file`.

use crate::source::{Source, Span};

/// What the comment says after its sign.
const IGNORE: &str = "ecrewrite: ignore";
/// What it says for a whole file.
const IGNORE_FILE: &str = "ecrewrite: ignore-file";
/// How comments begin, in YAML and HCL.
const SIGNS: [&str; 2] = ["#", "//"];

/// The parts of a file in which references stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OptOuts {
    file: bool,
    /// In the order of the file.
    lines: Vec<Span>,
}

impl OptOuts {
    /// The comments of a file. One behind a value holds for its line, one on a line of its own for the next line too.
    pub(crate) fn of(source: &Source) -> Self {
        let mut found = OptOuts::default();
        if !source.text().contains(IGNORE) {
            return found;
        }
        let mut start = 0;
        let mut lines = source.text().split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let end = start + line.len();
            if let Some((before, comment)) = comment(line) {
                found.file |= comment.starts_with(IGNORE_FILE);
                let next = lines.peek().filter(|_| before.trim().is_empty()).map_or(0, |next| next.len());
                found.lines.push(Span::new(start, end + next));
            }
            start = end;
        }
        found
    }

    /// Whether the whole file stays.
    pub(crate) fn holds_for_file(&self) -> bool {
        self.file
    }

    /// Whether a reference at this byte stays.
    pub(crate) fn holds_at(&self, offset: usize) -> bool {
        self.lines.iter().any(|line| line.range().contains(&offset))
    }
}

/// The text before an opt-out's sign, and what it says.
fn comment(line: &str) -> Option<(&str, &str)> {
    let at = line.find(IGNORE)?;
    let before = line[..at].trim_end();
    let sign = SIGNS.iter().find(|sign| before.ends_with(**sign))?;
    let said = line[at..].trim_end();
    let is_whole = said == IGNORE || said == IGNORE_FILE || said[IGNORE.len()..].starts_with(char::is_whitespace);
    is_whole.then(|| (&before[..before.len() - sign.len()], said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_value_or_above_it() {
        let text = "\na: nginx # ecrewrite: ignore\nb: nginx\n  # ecrewrite: ignore\nc: nginx\nd: nginx // ecrewrite: ignore why not\ne: x # ecrewrite: ignored\n";
        let found = OptOuts::of(&Source::new("a.yaml", text));
        let stays = |key: &str| found.holds_at(text.find(&format!("\n{key}: ")).unwrap() + 4);
        assert_eq!(["a", "b", "c", "d", "e"].map(stays), [true, false, true, true, false]);
        assert!(!found.holds_for_file());
        assert!(OptOuts::of(&Source::new("a.tf", "x = 1\n# ecrewrite: ignore-file\n")).holds_for_file());
    }
}
