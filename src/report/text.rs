//! The report for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::plain::{plain, short};
use super::{Counts, Detail, Located, Report, Setting, Tense};
use crate::finding::{Finding, Outcome};
use crate::reason::Reason;

const PATH: Style = Style::new().bold();
const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const SUM: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The report as text, with escapes for colour: whoever prints it drops them where they are not wanted.
pub fn print(report: &Report, setting: &Setting) -> String {
    let mut out = String::new();
    if setting.detail > Detail::Quiet {
        for file in &report.files {
            print_file(&mut out, file, setting.detail);
        }
    }
    print_sums(&mut out, report, setting);
    if let Some(next) = setting.next.as_deref().filter(|_| setting.detail > Detail::Quiet) {
        let _ = writeln!(out, "next: {next}");
    }
    out
}

fn print_file(out: &mut String, file: &Located, detail: Detail) {
    let path = plain(&file.report.path);
    let is_shown = |finding: &Finding| detail == Detail::Verbose || matches!(finding.outcome, Outcome::Rewrite { .. });
    let all = file.report.findings.iter().zip(&file.places).zip(&file.credentials);
    let shown: Vec<_> = all.filter(|((finding, _), _)| is_shown(finding)).collect();
    let skipped = file.report.skipped.filter(|_| detail == Detail::Verbose);
    if shown.is_empty() && skipped.is_none() {
        return;
    }
    let _ = writeln!(out, "{PATH}{path}{PATH:#}");
    if let Some(reason) = skipped {
        let _ = writeln!(out, "  skipped: {} {DIM}[{reason}]{DIM:#}", reason.sentence());
    }
    for ((finding, (start, _)), credentials) in shown {
        // Old and new stand below each other, from the same column on.
        let place = format!("{start}");
        let width = place.len().max(7) + 2;
        let margin = " ".repeat(width + 2);
        let reference = short(&finding.reference);
        let reference = plain(&reference);
        match &finding.outcome {
            Outcome::Rewrite { to, .. } => {
                let to = short(to);
                let to = plain(&to);
                let _ = writeln!(out, "  {place:width$}{OLD}{reference}{OLD:#}");
                let _ = writeln!(out, "{}-> {NEW}{to}{NEW:#}", " ".repeat(width - 1));
            }
            Outcome::Cached { rule } => {
                let _ = writeln!(out, "  {place:width$}{reference}");
                let _ = writeln!(out, "{margin}{DIM}cached already, through the rule {rule}{DIM:#}");
            }
            Outcome::Left(reason) => {
                let _ = writeln!(out, "  {place:width$}{reference}");
                let _ = writeln!(out, "{margin}{DIM}left: {} [{reason}]{DIM:#}", reason.sentence());
            }
        }
        for note in &finding.notes {
            let _ = writeln!(out, "{margin}{DIM}note: {}{DIM:#}", note.sentence());
        }
        if let (Some(credentials), Outcome::Rewrite { .. } | Outcome::Left(Reason::PullCredentials)) =
            (credentials, &finding.outcome)
        {
            let _ = writeln!(out, "{margin}{DIM}note: credentials for the old registry stand at {credentials}{DIM:#}");
        }
        if detail == Detail::Verbose {
            let _ = writeln!(out, "{margin}{DIM}at {} ({}){DIM:#}", plain(&finding.place), finding.kind.id());
            if let Some(construct) = finding.construct.as_deref().map(plain) {
                let _ = writeln!(out, "{margin}{DIM}of the construct {construct}{DIM:#}");
            }
        }
    }
    out.push('\n');
}

fn print_sums(out: &mut String, report: &Report, setting: &Setting) {
    let counts = report.counts();
    let Counts { rewrite, changed_files, cached, ref left, ref skipped } = counts;
    let (references, files) = (plural(rewrite, "reference"), plural(changed_files, "file"));
    let change = match setting.tense {
        _ if report.read == 0 => "no file was found that can hold a reference".to_owned(),
        _ if rewrite == 0 => "nothing to rewrite".to_owned(),
        Tense::Would => format!("{references} in {files} would be rewritten"),
        Tense::Done => format!("{references} in {files} rewritten"),
    };
    let _ = writeln!(out, "{SUM}{change}{SUM:#}; {cached} cached already, {} left", counts.left_total());
    print_reasons(out, "left", left, setting.detail);
    print_reasons(out, "skipped", skipped, setting.detail);
    for assembly in report.assemblies.iter().map(|assembly| plain(assembly)) {
        let _ = writeln!(
            out,
            "{assembly} is a cloud assembly: `cdk deploy --app {assembly}` deploys it as it is, a plain `cdk deploy` \
             synthesises it again"
        );
    }
    if report.accepted > 0 {
        let _ = writeln!(out, "in the baseline: {}", plural(report.accepted, "reference"));
    }
}

/// Why references, or files, stay, with how many of each.
fn print_reasons(out: &mut String, what: &str, reasons: &BTreeMap<Reason, usize>, detail: Detail) {
    if reasons.is_empty() {
        return;
    }
    if detail == Detail::Quiet {
        let reasons: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let _ = writeln!(out, "{what}: {}", reasons.join(", "));
        return;
    }
    let unfold = if detail == Detail::Verbose { "" } else { " (`-v` shows where)" };
    let _ = writeln!(out, "{what}{unfold}:");
    let width = reasons.values().max().map_or(1, |count| count.to_string().len());
    for (reason, count) in reasons {
        let _ = writeln!(out, "  {count:width$}  {} {DIM}[{reason}]{DIM:#}", reason.sentence());
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
