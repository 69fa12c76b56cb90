//! What `.` and `$` mean where in a template of Helm: blocks change it.

use super::template::end_of_action;

/// What the dot and the root of a template are at some place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Both are what the chart's templates begin with.
    Whole,
    /// The dot is another one: within `range` and `with`.
    Moved,
    /// Both are what the caller hands over: within `define` and `block`.
    Called,
}

/// The scopes of a template, by the byte from which each holds; the first holds from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    first: Scope,
    changes: Vec<(usize, Scope)>,
}

impl Scopes {
    /// The scopes of a text that begins with `first`.
    pub(crate) fn of(text: &str, first: Scope) -> Self {
        let mut changes = Vec::new();
        // For each open block, the scope around it and the one within it.
        let mut open: Vec<(Scope, Scope)> = Vec::new();
        let mut at = 0;
        while let Some(start) = text[at..].find("{{").map(|start| at + start + "{{".len()) {
            let Some(end) = end_of_action(text, start, "}}") else { break };
            let action = text[start..end].trim_start_matches('-').trim_start();
            // A name or a text has no word at its start.
            let mut words = action.split(|c: char| !c.is_ascii_alphanumeric());
            let here = open.last().map_or(first, |block| block.1);
            match words.next() {
                Some("if") => open.push((here, here)),
                Some("range" | "with") => open.push((here, here.max(Scope::Moved))),
                Some("define" | "block") => open.push((here, Scope::Called)),
                Some("else") => {
                    let moves = words.find(|word| !word.is_empty()) == Some("with");
                    if let Some((around, within)) = open.last_mut() {
                        *within = if moves { (*around).max(Scope::Moved) } else { *around };
                    }
                }
                Some("end") => drop(open.pop()),
                _ => {}
            }
            let now = open.last().map_or(first, |block| block.1);
            if now != here {
                changes.push((end, now));
            }
            at = end;
        }
        Scopes { first, changes }
    }

    /// The scope at a byte of the text.
    pub fn at(&self, offset: usize) -> Scope {
        let after = self.changes.partition_point(|change| change.0 <= offset);
        after.checked_sub(1).map_or(self.first, |last| self.changes[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_move_the_dot() {
        let text = "0{{- if .a }}1{{ range $i, $x := .b }}2{{ if .c }}3{{ end }}{{ else }}4{{ end }}5\
                    {{- else if with }}6{{ end }}{{ with .d }}7{{ else with .e }}8{{- else -}}9{{ end }}a\
                    {{ define \"x\" }}b{{ with .y }}c{{ end }}{{ end }}d{{/* range */}}e{{ \"{{ with }}\" }}f\
                    {{ block \"y\" . }}g{{ end }}h{{ .range }}i{{ with .z }}j";
        let scopes = Scopes::of(text, Scope::Whole);
        let at = |mark: char| {
            let found = text.char_indices().find(|(at, c)| {
                *c == mark && (*at == 0 || text[..*at].ends_with('}')) && !text[at + 1..].starts_with(' ')
            });
            scopes.at(found.unwrap().0)
        };
        for (marks, scope) in [("014569adefh", Scope::Whole), ("2378j", Scope::Moved), ("bcg", Scope::Called)] {
            marks.chars().for_each(|mark| assert_eq!(at(mark), scope, "{mark}"));
        }
        assert_eq!(Scopes::of("a{{ with .b }}", Scope::Called).at(20), Scope::Called);
    }
}
