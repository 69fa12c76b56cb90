//! Comments by which people keep references as they are: `# ecrewrite: ignore`, `# ecrewrite: ignore-file`.

use crate::source::{Source, Span};

/// What the comment says after its sign.
const IGNORE: &str = "ecrewrite: ignore";
/// What it says for a whole file.
const IGNORE_FILE: &str = "ecrewrite: ignore-file";
/// How comments begin, in YAML and HCL.
const SIGNS: [&str; 3] = ["#", "//", "/*"];

/// The parts of a file in which references stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OptOuts {
    file: bool,
    /// In the order of the file; none touches another.
    lines: Vec<Span>,
}

impl OptOuts {
    /// The comments of a file. One behind a value holds for its line, one on a line of its own for the next line with a
    /// value. Where a value begins on the line after its key, both lines belong to it.
    pub(crate) fn of(source: &Source) -> Self {
        let mut found = OptOuts::default();
        if !source.text().contains(IGNORE) {
            return found;
        }
        let lines: Vec<&str> = source.text().split_inclusive('\n').collect();
        let mut start = 0;
        for (at, line) in lines.iter().enumerate() {
            if let Some((before, comment)) = comment(line) {
                found.file |= comment.starts_with(IGNORE_FILE);
                let mut end = start + line.len();
                if let Some(above) = found.lines.last()
                    && above.end >= end
                    && before.trim().is_empty()
                {
                    start = end;
                    continue;
                }
                let mut last = before;
                for next in &lines[at + 1..] {
                    let code = last.trim();
                    if !(code.is_empty() || SIGNS.iter().any(|sign| code.starts_with(sign)) || goes_on(code)) {
                        break;
                    }
                    end += next.len();
                    last = next;
                }
                match found.lines.last_mut().filter(|above| above.end >= start) {
                    Some(above) => above.end = above.end.max(end),
                    None => found.lines.push(Span::new(start, end)),
                }
            }
            start += line.len();
        }
        found
    }

    /// Whether the whole file stays.
    pub(crate) fn holds_for_file(&self) -> bool {
        self.file
    }

    /// Whether a reference at this byte stays.
    pub(crate) fn holds_at(&self, offset: usize) -> bool {
        self.start_at(offset).is_some()
    }

    /// Where that begins which keeps a reference at this byte.
    pub(crate) fn start_at(&self, offset: usize) -> Option<usize> {
        let after = self.lines.partition_point(|line| line.end <= offset);
        self.lines.get(after).map(|line| line.start).filter(|start| *start <= offset)
    }
}

/// Whether a value begins on the next line: a YAML block, a list or a mapping below its key, arguments of an intrinsic.
fn goes_on(code: &str) -> bool {
    let last = code.split_whitespace().next_back().unwrap_or_default();
    last.starts_with(['>', '|', '!']) || last.ends_with(':')
}

/// The text before an opt-out's sign, and what it says.
fn comment(line: &str) -> Option<(&str, &str)> {
    let at = line.find(IGNORE)?;
    let before = line[..at].trim_start_matches('\u{feff}').trim_end();
    let sign = SIGNS.iter().find(|sign| before.ends_with(**sign))?;
    let said = line[at..].trim_end();
    let rest = said.strip_prefix(IGNORE_FILE).unwrap_or(&said[IGNORE.len()..]);
    let is_whole = rest.is_empty() || rest.starts_with(char::is_whitespace);
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
