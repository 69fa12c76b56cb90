//! The report in reviewdog's diagnostic format: one document, for bots that suggest changes.
//!
//! Columns count bytes. Paths are relative to the current folder, as reviewdog, which runs there too, takes them. A
//! suggestion of its own can be taken on its own, so all edits of a finding are one.

use serde_json::{Value, json};

use super::level::{self, Level};
use super::plain::lines;
use super::{Change, Located, Problem, Report, Setting};

/// The report as one document, with a final newline.
///
/// # Errors
///
/// None in practice: the shape holds nothing that JSON cannot.
pub fn print(report: &Report, setting: &Setting) -> serde_json::Result<String> {
    let findings = report.files.iter().flat_map(|file| diagnostics(file, report, setting));
    let diagnostics: Vec<Value> = findings.chain(report.errors.iter().map(error)).collect();
    let all = json!({ "source": { "name": "ecrewrite" }, "diagnostics": diagnostics });
    serde_json::to_string_pretty(&all).map(|text| text + "\n")
}

fn diagnostics<'r>(file: &'r Located, report: &Report, setting: &Setting) -> impl Iterator<Item = Value> + 'r {
    let (tense, is_alone) = (setting.tense, !report.is_in_assembly(&file.report.path, setting));
    let places = file.places.iter().zip(&file.bytes).zip(&file.changes);
    file.report.findings.iter().zip(places).filter_map(move |(finding, (((start, end), bytes), change))| {
        let level = level::of(finding, tense)?;
        let range = range((start.line, bytes.0), (end.line, bytes.1));
        let mut diagnostic = json!({
            "message": level::message(finding),
            "location": { "path": file.report.path, "range": range },
            "severity": if level == Level::Warning { "WARNING" } else { "INFO" },
            "code": { "value": level::rule(finding) },
        });
        if let Some(suggestion) = change.as_ref().filter(|_| is_alone && level == Level::Warning).and_then(suggestion) {
            diagnostic["suggestions"] = json!([suggestion]);
        }
        Some(diagnostic)
    })
}

fn suggestion(change: &Change) -> Option<Value> {
    let ((start, _), (_, end)) = (change.edits.first()?, change.edits.last()?);
    let range = range((start.position.line, start.byte), (end.position.line, end.byte));
    Some(json!({ "range": range, "text": change.whole.as_ref()? }))
}

fn range(start: (usize, usize), end: (usize, usize)) -> Value {
    let position = |(line, column): (usize, usize)| json!({ "line": line, "column": column });
    json!({ "start": position(start), "end": position(end) })
}

fn error(problem: &Problem) -> Value {
    let mut location = json!({ "path": problem.path });
    if let Some(place) = problem.place {
        // Its column is known in characters only.
        location["range"] = json!({ "start": { "line": place.line } });
    }
    json!({ "message": lines(&problem.message), "location": location, "severity": "ERROR" })
}
