//! Text in, findings and new text out. Pure: no files, no clock, no threads.

use std::collections::{BTreeMap, HashSet};

use crate::context::Context;
use crate::edit::{Edit, apply};
use crate::finding::{FileReport, Finding, Outcome};
use crate::image::ImageRef;
use crate::inventory::Inventory;
#[cfg(feature = "cdk-source")]
use crate::judge::as_repositories;
use crate::judge::judge;
use crate::mention;
#[cfg(feature = "cdk-source")]
use crate::options::CdkStyle;
use crate::options::{Direction, Options, Spelling};
use crate::optout::OptOuts;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::removal::removal;
use crate::schema::{self, Form, Format, NamedValues, Site, SiteKind, Sites};
use crate::source::{Source, Span};
use crate::syntax::template::Signs;
use crate::syntax::{self, Fragment, Language, Node, SyntaxError, SyntaxErrorKind};

/// Finds every reference in a file and says what becomes of it. Changes nothing, and does not read the change back.
///
/// A file whose name is of none of our formats has an empty report.
pub fn check_in(source: &Source, policy: &Policy, options: Options, context: &Context) -> FileReport {
    check_as(source, Format::of_path(source.path()), policy, options, context)
}

/// As [`check_in`], in a format that need not be that of the name.
fn check_as(
    source: &Source,
    format: Option<Format>,
    policy: &Policy,
    options: Options,
    context: &Context,
) -> FileReport {
    let mut report = FileReport { path: source.path().to_owned(), ..FileReport::default() };
    let is_read = |format: &Format| format.is_read(source.text().as_bytes());
    let Some(format) = format.filter(is_read) else { return report };
    let opt_outs = OptOuts::of(source);
    let mut mentions = mention::mentions(source.text());
    let mut is_picture = false;
    let mut values = NamedValues::default();
    let mut inventory = None;
    let read = read(source, format, &mut |documents| {
        if !mentions.is_empty() {
            mentions = outside_comments(source, format, &mentions, documents);
        }
        if options.inventory {
            inventory = Some(Inventory::of(format, documents)).filter(|found| !found.is_empty()).map(Box::new);
        }
        is_picture = documents.iter().any(schema::is_picture);
        let path = source.path();
        let form = Form::of_file(source.text(), path, format, context.is_chart_template(path));
        #[cfg(feature = "cdk-source")]
        let form = match format {
            Format::Program(language) => {
                Form::of_program(source, language, |notation| policy.expressions().get(notation).is_some())
            }
            _ => form,
        };
        let sites = |followed| {
            let form = form.clone();
            schema::sites(path, format, form, documents, context.places(), followed, context.around(path))
        };
        if !matches!(format, Format::Terraform(_) | Format::TerraformVariables(_)) {
            return sites(None);
        }
        let found = sites(None);
        values = NamedValues::of(source.text(), &found.sites);
        // One file of a module does not know how the others use a value.
        match context.followed(source.path()) {
            Some(followed) => sites(Some(followed)),
            None => found,
        }
    });
    report.values = values;
    report.inventory = inventory;
    match read {
        Ok(_) if is_picture => report.skipped = Some(Reason::Picture),
        Ok(Sites { sites, kustomization, stack, accounted }) => {
            report.stack = stack;
            let mut accounted = accounted;
            accounted.sort();
            mentions.retain(|mention| {
                let after = accounted.partition_point(|span| span.end <= mention.start);
                accounted.get(after).is_none_or(|span| mention.end <= span.start)
            });
            report.kustomization = kustomization;
            let own = vec![(source.path().to_owned(), report.kustomization.clone())];
            let alone = Context::new("", Vec::new(), own, BTreeMap::new());
            // In a run over many files, those that were read tell of each other.
            let around = if context.is_alone() { &alone } else { context };
            report.findings.reserve_exact(sites.len());
            for site in &sites {
                let Some(mut finding) = judge(source, site, policy, options) else { continue };
                if is_matched(site, &finding, source.path(), around) {
                    let whole = Options { direction: Direction::ToUpstream(Spelling::Whole), ..options };
                    let again = match options.direction {
                        Direction::ToCache => None,
                        Direction::ToUpstream(_) => judge(source, site, policy, whole),
                    };
                    let other = again.filter(|again| !is_matched(site, again, source.path(), around));
                    finding.outcome = other.map_or(Outcome::Left(Reason::Matched), |other| other.outcome);
                }
                report.findings.push(finding);
            }
            #[cfg(feature = "cdk-source")]
            if let (Format::Program(language), CdkStyle::Repository, Direction::ToCache) =
                (format, options.cdk_style, options.direction)
            {
                as_repositories(&mut report.findings, source, language, policy);
            }
            if options.drop_credentials {
                drop_credentials(&mut report.findings, source.text());
            }
            add_mentions(&mut report.findings, source, format, &mentions);
            for finding in &mut report.findings {
                // Registry and repository may stand on lines of their own: what keeps one keeps both. What is only put
                // in, such as the argument of all stages, is of no line.
                let is_kept = |edit: &Edit| edit.span.start < edit.span.end && opt_outs.holds_at(edit.span.start);
                if let Outcome::Rewrite { fix, .. } = &finding.outcome
                    && (opt_outs.holds_at(finding.span.start) || fix.edits.iter().any(is_kept))
                {
                    finding.outcome = Outcome::Left(Reason::Ignored);
                }
            }
        }
        Err(_) if opt_outs.holds_for_file() => report.skipped = Some(Reason::Ignored),
        Err(error) => match error.kind {
            SyntaxErrorKind::Comments => report.skipped = Some(Reason::JsonComments),
            SyntaxErrorKind::Template => report.skipped = Some(Reason::Template),
            SyntaxErrorKind::Invalid => report.error = Some(error),
        },
    }
    // What such a file says of others holds all the same.
    if opt_outs.holds_for_file() {
        report.findings.clear();
        report.skipped = Some(Reason::Ignored);
    }
    report
}

/// Takes out the credentials that only the old registry needed: where each image beside them goes through the cache.
fn drop_credentials(findings: &mut [Finding], text: &str) {
    let keeps = |finding: &Finding| {
        let outcome = &finding.outcome;
        finding.credentials.filter(|_| !matches!(outcome, Outcome::Rewrite { .. } | Outcome::Cached { .. }))
    };
    let kept: HashSet<Span> = findings.iter().filter_map(keeps).collect();
    for finding in findings {
        let Some(credentials) = finding.credentials.filter(|credentials| !kept.contains(credentials)) else { continue };
        if let (Outcome::Rewrite { fix, .. }, Some(edit)) = (&mut finding.outcome, removal(text, credentials)) {
            fix.edits.push(edit);
            fix.edits.sort();
            finding.credentials = None;
        }
    }
}

/// Whether a kustomization finds what a manifest says, a patch, or a replacement before it, by its name.
fn is_matched(site: &Site, finding: &Finding, path: &str, context: &Context) -> bool {
    let is_manifest = matches!(finding.kind, SiteKind::Kubernetes | SiteKind::Kustomize | SiteKind::Helm);
    let Outcome::Rewrite { to, .. } = &finding.outcome else { return false };
    // The way there takes a name away that is found; the way back may bring one.
    [&finding.reference, to].into_iter().filter_map(|text| name_of(text)).any(|name| {
        // An entry that replaces a name by itself is found by its own.
        let by_itself = usize::from(site.match_key.as_deref() == Some(name.as_str()));
        is_manifest && context.times_matched(path, &name) > by_itself
    })
}

/// The name in a reference, without variables, tag and digest.
pub fn name_of(reference: &str) -> Option<String> {
    let name = reference.split(['@', '{', '$']).next().unwrap_or_default();
    ImageRef::parse(name.trim_end_matches([':', '-'])).ok().map(|image| image.name().to_owned())
}

/// The mentions that are not in comments: what stands in a value is none, whatever sign is before it.
fn outside_comments(source: &Source, format: Format, mentions: &[Span], documents: &[Node<'_>]) -> Vec<Span> {
    let mut values = Vec::new();
    documents.iter().for_each(|document| document.scalars(&mut |node| values.push(node.span())));
    #[cfg(feature = "cdk-source")]
    if let Format::Program(_) = format {
        // Whatever says something is in a text.
        values.sort();
        let within = |span: &&Span| {
            let after = values.partition_point(|value| value.end < span.end);
            values.get(after).is_some_and(|value| value.start <= span.start)
        };
        return mentions.iter().filter(within).copied().collect();
    }
    let signs = format.comment_signs();
    let is_value = |span: &Span| {
        let after = values.partition_point(|value| value.end <= span.start);
        values.get(after).is_some_and(|value| value.start <= span.start)
    };
    let commented = mention::in_comments(source.text(), mentions.iter().map(|span| span.start), signs);
    let kept = mentions.iter().zip(commented).filter(|(span, commented)| !commented || is_value(span));
    kept.map(|(span, _)| *span).collect()
}

/// Adds what no finding accounts for, in the order of the file.
fn add_mentions(findings: &mut Vec<Finding>, source: &Source, format: Format, mentions: &[Span]) {
    let kind = match (findings.first(), format) {
        (_, Format::Named(kind, _)) => kind,
        (Some(finding), _) => finding.kind,
        (None, Format::Terraform(_) | Format::TerraformVariables(_)) => SiteKind::Terraform,
        #[cfg(feature = "cdk-source")]
        (None, Format::Program(_)) => SiteKind::Cdk,
        _ => SiteKind::Other,
    };
    let covers = |finding: &Finding, span: &Span| finding.span.start <= span.start && span.end <= finding.span.end;
    let mut more = Vec::new();
    let mut at = 0;
    for span in mentions {
        while findings.get(at).is_some_and(|finding| finding.span.end < span.end) {
            at += 1;
        }
        if !findings[at..].iter().take_while(|finding| finding.span.start <= span.start).any(|one| covers(one, span)) {
            more.push(Finding {
                span: *span,
                kind,
                place: String::new(),
                reference: source.text()[span.range()].to_owned(),
                outcome: Outcome::Left(Reason::UnknownPlace),
                notes: Vec::new(),
                construct: None,
                credentials: None,
            });
        }
    }
    if !more.is_empty() {
        findings.append(&mut more);
        findings.sort_by_key(|finding| finding.span);
    }
}

/// Reads a file in the language of its format; what turns out to be a template is read with holes for its actions.
fn read(source: &Source, format: Format, search: &mut dyn FnMut(&[Node<'_>]) -> Sites) -> Result<Sites, SyntaxError> {
    let fragment = Fragment::of_file(source);
    let parse = |language: Language, fragment: &Fragment<'_>, search: &mut dyn FnMut(&[Node<'_>]) -> Sites| {
        syntax::parse(language, fragment).map(|documents| search(&documents))
    };
    let languages: &[Language] = match format {
        Format::Terraform(language) | Format::TerraformVariables(language) => {
            return parse(language, &fragment, search);
        }
        Format::Named(
            _,
            language @ (Language::Hcl | Language::Dockerfile | Language::JsonWithComments | Language::Toml),
        ) => {
            return parse(language, &fragment, search);
        }
        Format::Named(_, Language::Json) => &[Language::Json],
        Format::Named(..) => &[Language::Yaml],
        Format::Document(Language::Json) => &[Language::Json],
        // CloudFormation's templates may be JSON under a name that does not say so.
        Format::Document(_) if fragment.text.trim_start().starts_with('{') => &[Language::Json, Language::Yaml],
        Format::Document(_) => &[Language::Yaml],
        Format::Template => &[],
        #[cfg(feature = "cdk-source")]
        Format::Program(language) => return parse(language, &fragment, search),
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
    read.filter(|read| !read.sites.is_empty()).ok_or(SyntaxError::template(fragment.base))
}

/// What [`Rewriter::rewrite`](crate::Rewriter::rewrite) makes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rewritten {
    /// What was found, before the change.
    pub report: FileReport,
    /// The new text, if anything changes.
    pub text: Option<String>,
}

/// Rewrites every reference of a file that the policy moves, and reads the result back: it has to show each new value at
/// its place and everything else as it was. Where it does not, the text stays and the findings say so. Where account or
/// region is not known, the new text has placeholders and is not read back.
pub fn rewrite_in(source: &Source, policy: &Policy, options: Options, context: &Context) -> Rewritten {
    rewrite_as(source, Format::of_path(source.path()), policy, options, context)
}

/// As [`rewrite_in`], in a format that need not be that of the name.
pub(crate) fn rewrite_as(
    source: &Source,
    format: Option<Format>,
    policy: &Policy,
    options: Options,
    context: &Context,
) -> Rewritten {
    let mut report = check_as(source, format, policy, options, context);
    let edits: Vec<_> = report.rewrites().flat_map(|(_, _, fix)| &fix.edits).collect();
    if edits.is_empty() {
        return Rewritten { report, text: None };
    }
    let changed = apply(source.text(), edits).ok().map(|text| Source::new(source.path(), text));
    // A reference with placeholders is for reading: it is none itself.
    let is_read_back = |changed: &Source| {
        let host = policy.registry().host();
        let is_placeholder = |to: &str| !policy.registry().is_known() && to.starts_with(&host);
        report.rewrites().any(|(_, to, _)| is_placeholder(to))
            || reads_back(
                &report,
                &check_as(changed, format, policy, Options { inventory: false, ..options }, context),
                options.direction,
            )
    };
    if let Some(changed) = changed.filter(is_read_back) {
        return Rewritten { report, text: Some(changed.into_text()) };
    }
    // A short name may be no image where a whole one was.
    if options.direction == Direction::ToUpstream(Spelling::Short) {
        let options = Options { direction: Direction::ToUpstream(Spelling::Whole), ..options };
        return rewrite_as(source, format, policy, options, context);
    }
    // What cannot be a repository may be a text.
    #[cfg(feature = "cdk-source")]
    if options.cdk_style == CdkStyle::Repository && matches!(format, Some(Format::Program(_))) {
        let options = Options { cdk_style: CdkStyle::Registry, ..options };
        return rewrite_as(source, format, policy, options, context);
    }
    for finding in &mut report.findings {
        if matches!(finding.outcome, Outcome::Rewrite { .. }) {
            finding.outcome = Outcome::Left(Reason::NotVerified);
        }
    }
    Rewritten { report, text: None }
}

/// Whether the report after a change is the report before it but for the new values, which are cached now.
fn reads_back(before: &FileReport, after: &FileReport, direction: Direction) -> bool {
    let mut edits: Vec<Span> = before.rewrites().flat_map(|(_, _, fix)| &fix.edits).map(|edit| edit.span).collect();
    edits.sort_unstable();
    let edited = |finding: &Finding| {
        let first = edits.partition_point(|edit| edit.start < finding.span.start);
        edits.get(first).is_some_and(|edit| edit.end <= finding.span.end)
    };
    before.findings.len() == after.findings.len()
        && after.error.is_none()
        && after.skipped.is_none()
        && before.findings.iter().zip(&after.findings).all(|(old, new)| {
            let as_expected = match &old.outcome {
                Outcome::Rewrite { to, rule, .. } => {
                    let there = match direction {
                        Direction::ToCache => Outcome::Cached { rule: rule.clone() },
                        Direction::ToUpstream(_) => Outcome::Left(Reason::Upstream),
                    };
                    new.reference == *to && new.outcome == there
                }
                // A text may show what was changed inside it.
                outcome => (new.reference == old.reference || edited(old)) && new.outcome == *outcome,
            };
            as_expected && old.place == new.place
        })
}
