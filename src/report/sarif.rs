//! The report as SARIF 2.1.0, for code scanning and editors.
//!
//! The rules are always all there are, whatever was found: their indices stay.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::level::{self, Level, UNCACHED};
use super::plain::{lines, plain, short};
use super::{Change, Problem, Report, Setting};
use crate::finding::{Finding, Outcome};
use crate::reason::Reason;
use crate::source::Position;

/// Where the schema of the form is published.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// How many results GitHub takes of one run.
const RESULTS_MAX: usize = 25_000;

/// The name of the fingerprint, with the version of how it is made. It is not `primaryLocationLineHash`: that one is a hash
/// of the line, and who uploads the file to GitHub adds it, and warns of each that is another.
const FINGERPRINT: &str = "ecrewriteReference/v1";

/// What stands for the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// The report as one document, with a final newline.
///
/// # Errors
///
/// None in practice: the shape holds nothing that JSON cannot.
pub fn print(report: &Report, setting: &Setting) -> serde_json::Result<String> {
    let found = found(report, setting);
    let (total, found) = (found.len(), most(found));
    let mut notifications: Vec<Value> = report.errors.iter().map(|problem| error(problem, setting)).collect();
    if found.len() < total {
        let text = format!("{} of {total} results are listed here, those that would be rewritten first", found.len());
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    let mut driver = json!({
        "name": "ecrewrite",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules(),
    });
    if let Some(uri) = homepage() {
        driver["informationUri"] = json!(uri);
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.errors.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": found.iter().map(Found::result).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_string(&log).map(|text| text + "\n")
}

/// A finding that is a result.
struct Found<'r> {
    level: Level,
    finding: &'r Finding,
    uri: Value,
    start: Position,
    end: Position,
    change: Option<&'r Change>,
    fingerprint: String,
}

fn found<'r>(report: &'r Report, setting: &Setting) -> Vec<Found<'r>> {
    let mut all = Vec::new();
    for file in &report.files {
        let path = setting.from_root(&file.report.path);
        let uri = artifact(&path);
        let is_alone = !report.is_in_assembly(&file.report.path, setting);
        let mut seen = HashMap::new();
        let places = file.places.iter().zip(&file.changes);
        for (finding, ((start, end), change)) in file.report.findings.iter().zip(places) {
            // All count, so that the number of one does not hang on what is said of another.
            let same: &mut usize = seen.entry((&finding.place, &finding.reference)).or_default();
            *same += 1;
            let Some(level) = level::of(finding, setting.tense) else { continue };
            let (uri, start, end) = (uri.clone(), *start, *end);
            let change = change.as_ref().filter(|_| is_alone);
            all.push(Found { level, finding, uri, start, end, change, fingerprint: fingerprint(finding, *same) });
        }
    }
    all
}

/// As many as may be listed: what would be rewritten goes before the rest.
fn most(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    let warnings = found.iter().filter(|one| one.level == Level::Warning).count().min(RESULTS_MAX);
    let (mut warnings, mut notes) = (warnings, RESULTS_MAX - warnings);
    found.retain(|one| {
        let room = if one.level == Level::Warning { &mut warnings } else { &mut notes };
        let has_room = *room > 0;
        *room = room.saturating_sub(1);
        has_room
    });
    found
}

/// What stays the same when lines move: the way to the reference in its document, its text, and which of several it is.
fn fingerprint(finding: &Finding, ordinal: usize) -> String {
    let hash = Sha256::digest(format!("{}\n{}", finding.place, finding.reference));
    let hash = hash.iter().take(16).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    format!("{hash}:{ordinal}")
}

impl Found<'_> {
    fn result(&self) -> Value {
        let index = match &self.finding.outcome {
            Outcome::Left(reason) => 1 + Reason::ALL.iter().position(|one| one == reason).unwrap_or_default(),
            Outcome::Rewrite { .. } | Outcome::Cached { .. } => 0,
        };
        let mut result = json!({
            "ruleId": level::rule(self.finding),
            "ruleIndex": index,
            "level": if self.level == Level::Warning { "warning" } else { "note" },
            "message": { "text": level::message(self.finding) },
            "locations": [{
                "physicalLocation": { "artifactLocation": self.uri, "region": region(self.start, self.end) },
            }],
            "partialFingerprints": { FINGERPRINT: self.fingerprint },
        });
        if let (Outcome::Rewrite { to, fix, .. }, Some(change)) = (&self.finding.outcome, self.change) {
            let replacements = fix.edits.iter().zip(&change.edits).map(|(edit, (start, end))| {
                json!({
                    "deletedRegion": region(start.position, end.position),
                    "insertedContent": { "text": edit.text },
                })
            });
            let replacements: Vec<Value> = replacements.collect();
            result["fixes"] = json!([{
                "description": { "text": format!("Write {}", plain(&short(to))) },
                "artifactChanges": [{ "artifactLocation": self.uri, "replacements": replacements }],
            }]);
        }
        result
    }
}

fn region(start: Position, end: Position) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

fn error(problem: &Problem, setting: &Setting) -> Value {
    let mut place = json!({ "artifactLocation": artifact(&setting.from_root(&problem.path)) });
    if let Some(Position { line, column }) = problem.place {
        place["region"] = json!({ "startLine": line, "startColumn": column });
    }
    json!({
        "level": "error",
        "message": { "text": lines(&problem.message) },
        "locations": [{ "physicalLocation": place }],
    })
}

/// Where a file is: from the root of the repository on, and only outside it as a whole path.
fn artifact(path: &str) -> Value {
    match path.strip_prefix('/') {
        Some(path) => json!({ "uri": format!("file:///{}", encoded(path)) }),
        None => json!({ "uri": encoded(path), "uriBaseId": ROOT }),
    }
}

/// A path as a URI writes it.
fn encoded(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

/// Every rule: that of references which would be rewritten, and one for each reason to leave one.
fn rules() -> Vec<Value> {
    let uncached = rule(
        UNCACHED,
        "An image reference that goes around the pull-through cache",
        "The image is pulled from its upstream. `ecrewrite rewrite` writes the reference that goes through the \
         pull-through cache of Amazon ECR.",
        "Run `ecrewrite rewrite`, and deploy what `ecrewrite emit` prints before it.",
        "warning",
    );
    let reasons = Reason::ALL.iter().map(|reason| {
        let sentence = reason.sentence();
        let level = if level::asks_for_action(*reason) { "note" } else { "none" };
        rule(reason.id(), sentence, &format!("Left as it is: {sentence}."), reason.remedy(), level)
    });
    std::iter::once(uncached).chain(reasons).collect()
}

fn rule(id: &str, short: &str, full: &str, remedy: &str, level: &str) -> Value {
    let help = format!("{full} {remedy}");
    let mut rule = json!({
        "id": id,
        "name": camel_case(id),
        "shortDescription": { "text": upper_first(short) },
        "fullDescription": { "text": full },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level },
        "properties": { "precision": "very-high", "problem.severity": "recommendation" },
    });
    if let Some(uri) = homepage() {
        rule["helpUri"] = json!(format!("{uri}#what-stays-and-why"));
    }
    rule
}

fn camel_case(id: &str) -> String {
    id.split('-').map(upper_first).collect()
}

fn upper_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Where the project is at home, if `Cargo.toml` says it.
fn homepage() -> Option<&'static str> {
    Some(env!("CARGO_PKG_REPOSITORY")).filter(|uri| !uri.is_empty())
}
