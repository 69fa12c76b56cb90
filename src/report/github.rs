//! Annotations for GitHub: workflow commands, one a line, and nothing beside them.

use std::fmt::Write;

use super::level::{self, Level};
use super::plain::{lines, visible};
use super::{Report, Setting};
use crate::source::Position;

/// How many annotations of a level GitHub shows of one step.
const SHOWN_MAX: usize = 10;

/// What GitHub shows, in the order of its levels.
const LEVELS: [&str; 3] = ["error", "warning", "notice"];

struct Annotation {
    level: &'static str,
    /// From the root of the repository on.
    path: String,
    start: Option<Position>,
    end: Option<Position>,
    title: String,
    message: String,
}

/// The report as annotations. Of a level with more than GitHub shows, the last one says how many there are.
pub fn print(report: &Report, setting: &Setting) -> String {
    let mut all = annotations(report, setting);
    all.sort_by(|one, other| (&one.path, one.start).cmp(&(&other.path, other.start)));
    let mut out = String::new();
    for level in LEVELS {
        let of_level: Vec<&Annotation> = all.iter().filter(|annotation| annotation.level == level).collect();
        let shown = if of_level.len() > SHOWN_MAX { SHOWN_MAX - 1 } else { of_level.len() };
        of_level[..shown].iter().for_each(|annotation| annotation.print(&mut out));
        if shown < of_level.len() {
            let _ = writeln!(out, "::{level} title=ecrewrite::… and {} more: see the summary", of_level.len() - shown);
        }
    }
    out
}

fn annotations(report: &Report, setting: &Setting) -> Vec<Annotation> {
    let mut all = Vec::new();
    for file in &report.files {
        let path = setting.from_root(&file.report.path);
        for (finding, (start, end)) in file.report.findings.iter().zip(&file.places) {
            let Some(level) = level::of(finding, setting.tense) else { continue };
            all.push(Annotation {
                level: if level == Level::Warning { "warning" } else { "notice" },
                path: path.clone(),
                start: Some(*start),
                end: Some(*end),
                title: format!("ecrewrite ({})", level::rule(finding)),
                message: level::message(finding),
            });
        }
    }
    all.extend(report.errors.iter().map(|problem| Annotation {
        level: "error",
        path: setting.from_root(&problem.path),
        start: problem.place,
        end: None,
        title: "ecrewrite".to_owned(),
        message: lines(&problem.message),
    }));
    all
}

impl Annotation {
    fn print(&self, out: &mut String) {
        let mut properties = vec![format!("file={}", property(&self.path))];
        if let Some(start) = self.start {
            properties.push(format!("line={}", start.line));
            let end = self.end.unwrap_or(start);
            if self.end.is_some() {
                properties.push(format!("endLine={}", end.line));
            }
            // GitHub takes columns only within one line.
            if start.line == end.line {
                properties.push(format!("col={}", start.column));
            }
            if start.line == end.line && self.end.is_some() {
                properties.push(format!("endColumn={}", end.column));
            }
        }
        properties.push(format!("title={}", property(&self.title)));
        let _ = writeln!(out, "::{} {}::{}", self.level, properties.join(","), data(&self.message));
    }
}

/// A message as a command carries it. Its lines stay, and no other control character does.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| visible(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// A value of a property as a command carries it. What cannot be carried is shown.
fn property(text: &str) -> String {
    let mut carried = String::with_capacity(text.len());
    for character in text.chars() {
        let code = match character {
            '%' => "%25",
            '\r' => "%0D",
            '\n' => "%0A",
            ':' => "%3A",
            ',' => "%2C",
            _ => "",
        };
        match code {
            "" => carried.push_str(&visible(character.encode_utf8(&mut [0; 4]))),
            code => carried.push_str(code),
        }
    }
    carried
}
