//! The report as JSON. The shape is frozen: what scripts read is these structs, not the ones that the search uses.

use serde::Serialize;

use super::{Located, Report, RuleInUse};
use crate::finding::{Note, Outcome};
use crate::reason::Reason;
use crate::source::Position;

/// The version of the shape. It grows when a field goes or changes its meaning; fields may be added.
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(crate) struct JsonReport<'r> {
    pub(super) version: u32,
    pub(crate) findings: Vec<JsonFinding<'r>>,
    pub(super) skipped: Vec<JsonSkipped<'r>>,
    pub(super) errors: Vec<JsonError<'r>>,
    pub(super) rules: Vec<JsonRule<'r>>,
    pub(super) summary: JsonSummary,
}

#[derive(Serialize)]
pub(crate) struct JsonFinding<'r> {
    pub(super) file: &'r str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
    pub(super) kind: &'r str,
    pub(super) place: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) construct: Option<&'r str>,
    pub(super) reference: &'r str,
    pub(super) outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replacement: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<&'static str>,
    /// Where the text is at hand: for programs that change it themselves.
    #[serde(flatten)]
    pub(crate) offsets: Option<JsonOffsets<'r>>,
}

/// Places as offsets into the text, in whatever its language counts.
#[derive(Serialize)]
pub(crate) struct JsonOffsets<'r> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) applicability: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) edits: Vec<JsonEdit<'r>>,
}

#[derive(Serialize)]
pub(crate) struct JsonEdit<'r> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) text: &'r str,
}

#[derive(Serialize)]
pub(crate) struct JsonSkipped<'r> {
    pub(super) file: &'r str,
    pub(super) reason: &'static str,
    pub(super) message: &'static str,
}

#[derive(Serialize)]
pub(crate) struct JsonError<'r> {
    pub(super) file: &'r str,
    #[serde(flatten)]
    pub(super) place: Option<JsonPlace>,
    pub(super) message: &'r str,
}

#[derive(Serialize)]
pub(crate) struct JsonPlace {
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Serialize)]
pub(crate) struct JsonRule<'r> {
    pub(super) prefix: &'r str,
    pub(super) upstream: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upstream_prefix: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) registry: Option<JsonRegistry<'r>>,
}

#[derive(Serialize)]
pub(crate) struct JsonRegistry<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<&'r str>,
}

#[derive(Serialize)]
pub(crate) struct JsonSummary {
    pub(super) files: usize,
    pub(super) rewrite: usize,
    pub(super) cached: usize,
    pub(super) left: usize,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) accepted: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The report as one JSON document, with a final newline.
///
/// # Errors
///
/// None in practice: the structs hold nothing that JSON cannot.
pub fn print(report: &Report) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&self::report(report)).map(|text| text + "\n")
}

/// The report in the shape of the document.
pub(crate) fn report(report: &Report) -> JsonReport<'_> {
    let counts = report.counts();
    let findings = report.files.iter().flat_map(findings).collect();
    let skipped = report.files.iter().filter_map(|file| {
        let reason = file.report.skipped?;
        Some(JsonSkipped { file: &file.report.path, reason: reason.id(), message: reason.sentence() })
    });
    let place = |place: Position| JsonPlace { line: place.line, column: place.column };
    let errors = report.errors.iter().map(|problem| JsonError {
        file: &problem.path,
        place: problem.place.map(place),
        message: &problem.message,
    });
    JsonReport {
        version: VERSION,
        findings,
        skipped: skipped.collect(),
        errors: errors.collect(),
        rules: report.rules.iter().map(rule).collect(),
        summary: JsonSummary {
            files: report.read,
            rewrite: counts.rewrite,
            cached: counts.cached,
            left: counts.left_total(),
            accepted: report.accepted,
        },
    }
}

fn rule(rule: &RuleInUse) -> JsonRule<'_> {
    let (account, region) = (rule.account.as_deref(), rule.region.as_deref());
    JsonRule {
        prefix: &rule.prefix,
        upstream: &rule.upstream,
        upstream_prefix: rule.upstream_prefix.as_deref(),
        registry: account.or(region).map(|_| JsonRegistry { account, region }),
    }
}

fn findings(file: &Located) -> impl Iterator<Item = JsonFinding<'_>> {
    file.report.findings.iter().zip(&file.places).map(|(finding, (start, end))| {
        let (outcome, replacement, reason) = match &finding.outcome {
            Outcome::Rewrite { to, .. } => ("rewrite", Some(to.as_str()), None),
            Outcome::Cached { .. } => ("cached", None, None),
            Outcome::Left(reason) => ("left", None, Some(*reason)),
        };
        JsonFinding {
            file: &file.report.path,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            kind: finding.kind.id(),
            place: &finding.place,
            construct: finding.construct.as_deref(),
            reference: &finding.reference,
            outcome,
            replacement,
            rule: finding.outcome.rule(),
            reason: reason.map(Reason::id),
            message: reason.map(Reason::sentence),
            notes: finding.notes.iter().map(Note::sentence).collect(),
            offsets: None,
        }
    })
}
