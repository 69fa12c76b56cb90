//! What the bindings of other languages share: settings come as JSON in the words of `ecrewrite.yaml`, reports go as JSON
//! in the words of `--format json`, and places are counted as the language counts them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::destination::Expression;
use crate::edit::Applicability;
use crate::engine::Rewritten;
use crate::explanation::Explanation;
use crate::finding::FileReport;
use crate::options::Options;
use crate::policy::{CacheRule, OfficialRoute, Policy, Verdict};
use crate::registry::Registry;
use crate::report::json::{self, JsonEdit, JsonOffsets, JsonReport};
use crate::report::{Located, Problem, Report, RuleInUse};
use crate::rewriter::Rewriter;
use crate::schema::{CustomPlace, Kinds};
use crate::source::{Source, Span};
use crate::words::{account, also, in_plain_words, official, places, registry_as, rules};

/// What a language counts the places of a text in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of UTF-8: Rust.
    Byte,
    /// Code units of UTF-16: JavaScript.
    Utf16,
    /// Code points: Python.
    CodePoint,
}

/// Settings that cannot be, or a text that is no reference: a complete message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    policy: PolicySettings,
    #[serde(deserialize_with = "also")]
    also: Kinds,
    #[serde(rename = "unsafe")]
    unsafe_fixes: bool,
    kustomize_add: bool,
    drop_credentials: bool,
    #[serde(deserialize_with = "places")]
    places: Vec<CustomPlace>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PolicySettings {
    #[serde(deserialize_with = "account")]
    account: Option<String>,
    region: Option<String>,
    #[serde(deserialize_with = "official")]
    official: Option<OfficialRoute>,
    #[serde(deserialize_with = "rules")]
    rules: Vec<CacheRule>,
    all_upstreams: bool,
    #[serde(deserialize_with = "registry_as")]
    registry_as: Vec<Expression>,
}

/// A [`Rewriter`] that speaks JSON.
#[derive(Debug, Clone)]
pub struct Face {
    rewriter: Rewriter,
    unit: Unit,
}

#[derive(Serialize)]
struct JsonRewritten<'r> {
    text: &'r str,
    changed: bool,
    #[serde(flatten)]
    report: JsonReport<'r>,
}

#[derive(Serialize)]
struct JsonExplanation<'r> {
    reference: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    registry: Option<&'r str>,
    repository: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'r str>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
    steps: Vec<JsonStep>,
}

#[derive(Serialize)]
struct JsonStep {
    name: &'static str,
    text: String,
}

impl Face {
    /// By settings in JSON: `{"policy": {"account": …, "region": …}, "also": […], …}`.
    ///
    /// # Errors
    ///
    /// [`Refused`] says which setting cannot be, and why.
    pub fn new(settings: &str, unit: Unit) -> Result<Self, Refused> {
        let settings: Settings = read(settings)?;
        let rewriter = Rewriter::new(settings.policy.policy().map_err(|error| Refused(format!("policy: {error}")))?);
        let options = Options {
            threshold: if settings.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe },
            also: settings.also,
            kustomize_add: settings.kustomize_add,
            drop_credentials: settings.drop_credentials,
            ..Options::default()
        };
        Ok(Face { rewriter: rewriter.with_options(options).with_places(settings.places), unit })
    }

    /// The same, knowing what files say of each other: [`Rewriter::with_files`], with an object of path to text.
    ///
    /// # Errors
    ///
    /// [`Refused`] if that is no such object.
    pub fn with_files(self, files: &str) -> Result<Self, Refused> {
        let files: BTreeMap<String, String> = read(files)?;
        Ok(Face { rewriter: self.rewriter.with_files(files), ..self })
    }

    /// What `check` finds, as one document.
    ///
    /// # Errors
    ///
    /// None in practice: the shapes hold nothing that JSON cannot.
    pub fn check(&self, path: &str, text: &str) -> Result<String, Refused> {
        let source = Source::new(path, text);
        let report = self.report(self.rewriter.check(path, text), &source);
        written(&self.document(&report, text))
    }

    /// What `rewrite` makes, as one document: the text afterwards, and what was found before.
    ///
    /// # Errors
    ///
    /// As [`Face::check`].
    pub fn rewrite(&self, path: &str, text: &str) -> Result<String, Refused> {
        let source = Source::new(path, text);
        let Rewritten { report, text: new } = self.rewriter.rewrite(path, text);
        let report = self.report(report, &source);
        let changed = new.is_some();
        let new = new.as_deref().unwrap_or(text);
        written(&JsonRewritten { text: new, changed, report: self.document(&report, text) })
    }

    /// What becomes of one reference, as one document.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the text is not a reference.
    pub fn explain(&self, reference: &str) -> Result<String, Refused> {
        let explanation = self.rewriter.explain(reference);
        let explanation =
            explanation.map_err(|error| Refused(format!("`{reference}` is not an image reference: {error}")))?;
        written(&explained(&explanation))
    }

    /// The report of one file, with the rules that it needs.
    fn report(&self, mut file: FileReport, source: &Source) -> Report {
        let mut report = Report { read: 1, ..Report::default() };
        if let Some(error) = file.error.take() {
            let place = Some(source.position(error.offset));
            report.errors.push(Problem { path: file.path.clone(), place, message: error.to_string() });
        }
        let policy = self.rewriter.policy();
        let prefixes: BTreeSet<&str> = file.findings.iter().filter_map(|finding| finding.outcome.rule()).collect();
        let rules = prefixes.into_iter().filter_map(|prefix| policy.rule(prefix));
        report.rules = rules.map(|rule| RuleInUse::new(rule, policy.registry())).collect();
        report.rules.sort();
        report.files.push(Located::new(file, source));
        report
    }

    fn document<'r>(&self, report: &'r Report, text: &str) -> JsonReport<'r> {
        let mut document = json::report(report);
        let findings = || report.files.iter().flat_map(|file| &file.report.findings);
        let values: Vec<Span> = findings().map(|finding| unquoted(finding.span, text)).collect();
        let edits = || findings().filter_map(|finding| finding.outcome.fix()).flat_map(|fix| &fix.edits);
        let spans = values.iter().copied().chain(edits().map(|edit| edit.span));
        let counted = counted(text, spans.flat_map(|span| [span.start, span.end]), self.unit);
        let at = |offset: usize| counted.get(&offset).copied().unwrap_or(offset);
        for ((finding, value), shown) in findings().zip(values).zip(&mut document.findings) {
            let fix = finding.outcome.fix();
            let edits = fix.into_iter().flat_map(|fix| &fix.edits);
            shown.offsets = Some(JsonOffsets {
                start: at(value.start),
                end: at(value.end),
                applicability: fix.map(|fix| fix.applicability.name()),
                edits: edits
                    .map(|edit| JsonEdit { start: at(edit.span.start), end: at(edit.span.end), text: &edit.text })
                    .collect(),
            });
        }
        document
    }
}

impl PolicySettings {
    fn policy(self) -> Result<Policy, Box<dyn std::error::Error>> {
        let registry = Registry::new(self.account.as_deref(), self.region.as_deref())?;
        let mut rules = self.rules;
        if self.all_upstreams {
            rules.extend(CacheRule::for_all_upstreams(&rules));
        }
        let policy = Policy::new(registry, rules, self.official.unwrap_or_default())?;
        Ok(policy.with_expressions(self.registry_as.into_iter().collect()))
    }
}

fn explained(explanation: &Explanation) -> JsonExplanation<'_> {
    let image = explanation.image();
    let (outcome, reason) = match explanation.verdict() {
        Verdict::Rewrite(_) => ("rewrite", None),
        Verdict::Cached(_) => ("cached", None),
        Verdict::Left(reason) => ("left", Some(*reason)),
    };
    JsonExplanation {
        reference: image.as_str(),
        registry: image.registry(),
        repository: image.repository(),
        tag: image.tag(),
        digest: image.digest(),
        outcome,
        replacement: explanation.becomes(),
        rule: explanation.rule().map(CacheRule::prefix),
        reason: reason.map(|reason| reason.id()),
        message: reason.map(|reason| reason.sentence()),
        notes: explanation.notes().iter().map(|note| note.sentence()).collect(),
        steps: explanation.steps().into_iter().map(|step| JsonStep { name: step.name, text: step.text }).collect(),
    }
}

/// A value without its quotes: what line and column of a report are the place of.
fn unquoted(span: Span, text: &str) -> Span {
    let quote = usize::from(text[span.range()].starts_with(['"', '\'']));
    Span::new(span.start + quote, span.end - quote)
}

/// Offsets in bytes, as another unit counts them.
fn counted(text: &str, offsets: impl IntoIterator<Item = usize>, unit: Unit) -> BTreeMap<usize, usize> {
    let mut counted: BTreeMap<usize, usize> = offsets.into_iter().map(|offset| (offset, offset)).collect();
    let (mut from, mut count) = (0, 0);
    for (offset, place) in &mut counted {
        let part = text.get(from..*offset).unwrap_or_default();
        count += match unit {
            Unit::Byte => part.len(),
            Unit::Utf16 => part.chars().map(char::len_utf16).sum(),
            Unit::CodePoint => part.chars().count(),
        };
        *place = count;
        from = *offset;
    }
    counted
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, Refused> {
    serde_json::from_str(json).map_err(|error| {
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        Refused(in_plain_words(message))
    })
}

fn written(document: &impl Serialize) -> Result<String, Refused> {
    serde_json::to_string(document).map_err(|error| Refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_counted_in_each_unit() {
        // Two bytes and one unit; three and one; four and two.
        let text = "é€😀x";
        let offsets = [9, 0, 2, 5, 10];
        let of = |unit| counted(text, offsets, unit).into_values().collect::<Vec<_>>();
        assert_eq!(of(Unit::Byte), [0, 2, 5, 9, 10]);
        assert_eq!(of(Unit::Utf16), [0, 1, 2, 4, 5]);
        assert_eq!(of(Unit::CodePoint), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn what_cannot_be_is_said() {
        let rows = [
            (
                r#"{"policy": {"account": "1"}}"#,
                "policy: `1` is not an AWS account: 12 digits, for example 111122223333",
            ),
            (
                r#"{"policy": {"regon": "x"}}"#,
                "unknown field `regon`, expected one of `account`, `region`, `official`, `rules`, `all_upstreams`, `registry_as`",
            ),
            (r#"{"policy": {"rules": {"quay.io": "Q"}}}"#, "rules: `Q` cannot be the prefix of a cache rule"),
            (r#"{"policy": {"official": "both"}}"#, "official: one of ecr-public, docker-hub, off is expected"),
            (r#"{"also": ["docker"]}"#, "also: there is no kind `docker`"),
            (r#"{"policy": 1}"#, "integer `1` where a mapping is expected"),
        ];
        for (settings, expected) in rows {
            let error = Face::new(settings, Unit::Byte).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
