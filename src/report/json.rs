//! The report as JSON. The shape is frozen: what scripts read is these structs, not the ones that the search uses.

use serde::Serialize;

use super::{Located, Report, RuleInUse};
use crate::finding::{Note, Outcome};
use crate::reason::Reason;
use crate::source::Position;

/// The version of the shape. It grows when a field goes or changes its meaning; fields may be added.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u32,
    findings: Vec<JsonFinding<'r>>,
    skipped: Vec<JsonSkipped<'r>>,
    errors: Vec<JsonError<'r>>,
    rules: Vec<JsonRule<'r>>,
    summary: JsonSummary,
}

#[derive(Serialize)]
struct JsonFinding<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    kind: &'r str,
    place: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<&'r str>,
    reference: &'r str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
}

#[derive(Serialize)]
struct JsonSkipped<'r> {
    file: &'r str,
    reason: &'static str,
    message: &'static str,
}

#[derive(Serialize)]
struct JsonError<'r> {
    file: &'r str,
    #[serde(flatten)]
    place: Option<JsonPlace>,
    message: &'r str,
}

#[derive(Serialize)]
struct JsonPlace {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct JsonRule<'r> {
    prefix: &'r str,
    upstream: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_prefix: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registry: Option<JsonRegistry<'r>>,
}

#[derive(Serialize)]
struct JsonRegistry<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'r str>,
}

#[derive(Serialize)]
struct JsonSummary {
    files: usize,
    rewrite: usize,
    cached: usize,
    left: usize,
    #[serde(skip_serializing_if = "is_zero")]
    accepted: usize,
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
    let json = JsonReport {
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
    };
    serde_json::to_string_pretty(&json).map(|text| text + "\n")
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
        }
    })
}
