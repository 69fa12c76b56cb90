//! Text in, findings and new text out. Pure: no files, no clock, no threads.

use crate::edit::{Applicability, apply};
use crate::finding::{FileReport, Finding, Outcome};
use crate::judge::judge;
use crate::optout::OptOuts;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::schema::{self, Format, Site};
use crate::source::Source;
use crate::syntax::template::Signs;
use crate::syntax::{self, Fragment, Language, Node, SyntaxError, SyntaxErrorKind};

/// Which changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The least that a change has to be trusted.
    pub threshold: Applicability,
}

impl Default for Options {
    fn default() -> Self {
        Options { threshold: Applicability::Safe }
    }
}

/// Finds every reference in a file and says what becomes of it. Changes nothing.
///
/// A file whose name is of none of our formats has an empty report.
///
/// ```
/// use ecrewrite::{OfficialRoute, Options, Outcome, Policy, Registry, Source, check};
///
/// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
/// let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?;
/// let source = Source::new("task.json", r#"{"containerDefinitions": [{"name": "web", "image": "nginx:1.27"}]}"#);
///
/// let report = check(&source, &policy, Options::default());
/// assert_eq!(report.findings[0].place, "containerDefinitions[0].image");
/// assert!(matches!(&report.findings[0].outcome, Outcome::Rewrite { to, .. } if to.ends_with("/docker/library/nginx:1.27")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(source: &Source, policy: &Policy, options: Options) -> FileReport {
    let mut report = FileReport { path: source.path().to_owned(), ..FileReport::default() };
    let Some(format) = Format::of_path(source.path()) else { return report };
    let opt_outs = OptOuts::of(source);
    if opt_outs.holds_for_file() {
        report.skipped = Some(Reason::Ignored);
        return report;
    }
    match read(source, format, &mut |documents| schema::sites(source.path(), format, documents)) {
        Ok(sites) => {
            report.findings = sites.iter().filter_map(|site| judge(site, policy, options.threshold)).collect();
            for finding in &mut report.findings {
                // Registry and repository may stand on lines of their own: what keeps one keeps both.
                if let Outcome::Rewrite { fix, .. } = &finding.outcome
                    && (opt_outs.holds_at(finding.span.start)
                        || fix.edits.iter().any(|edit| opt_outs.holds_at(edit.span.start)))
                {
                    finding.outcome = Outcome::Left(Reason::Ignored);
                }
            }
        }
        Err(error) => match error.kind {
            SyntaxErrorKind::Comments => report.skipped = Some(Reason::JsonComments),
            SyntaxErrorKind::Template => report.skipped = Some(Reason::Template),
            SyntaxErrorKind::Invalid => report.error = Some(error),
        },
    }
    report
}

/// Reads a file in the language of its format; what turns out to be a template is read with holes for its actions.
fn read(
    source: &Source,
    format: Format,
    search: &mut dyn FnMut(&[Node<'_>]) -> Vec<Site>,
) -> Result<Vec<Site>, SyntaxError> {
    let fragment = Fragment::of_file(source);
    let parse = |language: Language, fragment: &Fragment<'_>, search: &mut dyn FnMut(&[Node<'_>]) -> Vec<Site>| {
        syntax::parse(language, fragment).map(|documents| search(&documents))
    };
    let languages: &[Language] = match format {
        Format::Terraform(language) | Format::TerraformVariables(language) => {
            return parse(language, &fragment, search);
        }
        Format::Document(Language::Json) => &[Language::Json],
        // CloudFormation's templates may be JSON under a name that does not say so.
        Format::Document(_) if fragment.text.trim_start().starts_with('{') => &[Language::Json, Language::Yaml],
        Format::Document(_) => &[Language::Yaml],
        Format::Template => &[],
        Format::Unreadable => return Err(SyntaxError::template(fragment.base)),
    };
    let mut last = Err(SyntaxError::template(fragment.base));
    for language in languages {
        last = parse(*language, &fragment, search);
        if last.is_ok() {
            return last;
        }
    }
    if !matches!(&last, Err(error) if error.kind == SyntaxErrorKind::Template) {
        return last;
    }
    let signs = if format == Format::Template { Signs::WithTerraform } else { Signs::Actions };
    let holes = syntax::template::holes(fragment.text, signs).ok_or(SyntaxError::template(fragment.base))?;
    let fragment = Fragment { holes: &holes, ..fragment };
    let read =
        [Language::Json, Language::Yaml].into_iter().find_map(|language| parse(language, &fragment, search).ok());
    // What is not seen to hold an image before it is rendered may hold one after.
    read.filter(|sites| !sites.is_empty()).ok_or(SyntaxError::template(fragment.base))
}

/// What [`rewrite`] makes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// What was found, before the change.
    pub report: FileReport,
    /// The new text, if anything changes.
    pub text: Option<String>,
}

/// Rewrites every reference of a file that the policy moves, and reads the result back: it has to show each new value at
/// its place and everything else as it was. Where it does not, the text stays and the findings say so. Where account or
/// region is not known, the new text has placeholders and is not read back.
pub fn rewrite(source: &Source, policy: &Policy, options: Options) -> Rewritten {
    let mut report = check(source, policy, options);
    let edits: Vec<_> = report.rewrites().flat_map(|(_, _, fix)| &fix.edits).collect();
    if edits.is_empty() {
        return Rewritten { report, text: None };
    }
    let changed = apply(source.text(), edits).ok().map(|text| Source::new(source.path(), text));
    // A reference with placeholders is for reading: it is none itself.
    let is_read_back =
        |changed: &Source| !policy.registry().is_known() || reads_back(&report, &check(changed, policy, options));
    if let Some(changed) = changed.filter(is_read_back) {
        return Rewritten { report, text: Some(changed.text().to_owned()) };
    }
    for finding in &mut report.findings {
        if matches!(finding.outcome, Outcome::Rewrite { .. }) {
            finding.outcome = Outcome::Left(Reason::NotVerified);
        }
    }
    Rewritten { report, text: None }
}

/// Whether the report after a change is the report before it but for the new values, which are cached now.
fn reads_back(before: &FileReport, after: &FileReport) -> bool {
    let edited = |finding: &Finding| {
        let span = finding.span;
        let mut edits = before.rewrites().flat_map(|(_, _, fix)| &fix.edits);
        edits.any(|edit| span.start <= edit.span.start && edit.span.end <= span.end)
    };
    before.findings.len() == after.findings.len()
        && after.error.is_none()
        && after.skipped.is_none()
        && before.findings.iter().zip(&after.findings).all(|(old, new)| {
            let as_expected = match &old.outcome {
                Outcome::Rewrite { to, rule, .. } => {
                    new.reference == *to && new.outcome == Outcome::Cached { rule: rule.clone() }
                }
                // A text may show what was changed inside it.
                outcome => (new.reference == old.reference || edited(old)) && new.outcome == *outcome,
            };
            as_expected && old.place == new.place
        })
}
