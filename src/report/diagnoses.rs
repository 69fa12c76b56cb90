//! What `doctor` found: as text for people, and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::Report;
use super::plain::plain;
use crate::doctor::{Check, Diagnosis, Severity};
use crate::source::Position;

/// The version of the JSON's shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonDiagnoses<'d> {
    version: u32,
    diagnoses: Vec<JsonDiagnosis<'d>>,
}

#[derive(Serialize)]
struct JsonDiagnosis<'d> {
    id: &'static str,
    severity: &'static str,
    file: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "str::is_empty")]
    reference: &'d str,
    message: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'static str>,
}

/// The diagnoses as JSON, with a final newline.
///
/// # Errors
///
/// None that is known: the shape has only texts and numbers.
pub fn json(diagnoses: &[Diagnosis], report: &Report) -> Result<String, serde_json::Error> {
    let diagnoses = diagnoses.iter().map(|diagnosis| {
        let place = place(diagnosis, report);
        JsonDiagnosis {
            id: diagnosis.check.id(),
            severity: diagnosis.check.severity().name(),
            file: &diagnosis.file,
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            reference: &diagnosis.subject,
            message: diagnosis.check.sentence(),
            detail: &diagnosis.detail,
            section: diagnosis.check.section().map(|section| section.name()),
        }
    });
    let all = JsonDiagnoses { version: VERSION, diagnoses: diagnoses.collect() };
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

/// The diagnoses for people: by what is the matter, the worst first. Nothing at all if nothing is.
pub fn text(diagnoses: &[Diagnosis], report: &Report) -> String {
    let mut by_check: BTreeMap<(Severity, Check), Vec<&Diagnosis>> = BTreeMap::new();
    for diagnosis in diagnoses {
        by_check.entry((diagnosis.check.severity(), diagnosis.check)).or_default().push(diagnosis);
    }
    let mut out = String::new();
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for ((severity, check), of_check) in &by_check {
        *counts.entry(*severity).or_default() += of_check.len();
        let color = match severity {
            Severity::Problem => AnsiColor::Red,
            Severity::Unknown => AnsiColor::Yellow,
            Severity::Note => AnsiColor::Cyan,
        };
        let style = Style::new().fg_color(Some(color.into())).bold();
        let (name, sentence, id) = (severity.name(), check.sentence(), check.id());
        let _ = writeln!(out, "{style}{name}{style:#}: {sentence} [{id}]");
        for diagnosis in of_check {
            let mut line = format!("  {}", plain(&diagnosis.file));
            if let Some(place) = place(diagnosis, report) {
                let _ = write!(line, ":{place}");
            }
            for more in [&diagnosis.subject, &diagnosis.detail].into_iter().filter(|more| !more.is_empty()) {
                let _ = write!(line, "  {}", plain(more));
            }
            out.push_str(&line);
            out.push('\n');
        }
        if let Some(section) = check.section() {
            let _ = writeln!(out, "  mend it: ecrewrite emit --section {}", section.name());
        }
        out.push('\n');
    }
    let sums: Vec<String> = counts
        .iter()
        .map(|(severity, count)| {
            format!(
                "{count} {}{}",
                severity.name(),
                if *count == 1 || *severity == Severity::Unknown { "" } else { "s" }
            )
        })
        .collect();
    if !sums.is_empty() {
        let _ = writeln!(out, "{}", sums.join(", "));
    }
    out
}

/// Where a diagnosis stands. The files of a report are sorted by path.
fn place(diagnosis: &Diagnosis, report: &Report) -> Option<Position> {
    let at = report.files.binary_search_by(|file| file.report.path.as_str().cmp(&diagnosis.file)).ok()?;
    report.files[at].places.get(diagnosis.finding?).map(|(start, _)| *start)
}
