//! The report for people.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Counts, Detail, Located, Report, Setting, Tense};
use crate::finding::{Finding, Outcome};
use crate::reason::Reason;

const PATH: Style = Style::new().bold();
const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const DIM: Style = Style::new().dimmed();

/// The report as text, with escapes for colour: whoever prints it drops them where they are not wanted.
pub fn print(report: &Report, setting: &Setting) -> String {
    let mut out = String::new();
    if setting.detail > Detail::Quiet {
        for file in &report.files {
            print_file(&mut out, file, setting.detail);
        }
    }
    print_sums(&mut out, report, setting.tense);
    out
}

fn print_file(out: &mut String, file: &Located, detail: Detail) {
    let path = &file.report.path;
    let shown: Vec<_> = file
        .report
        .findings
        .iter()
        .zip(&file.places)
        .zip(&file.credentials)
        .map(|((finding, place), at)| (finding, place, at))
        .filter(|(finding, ..)| is_shown(finding, detail))
        .collect();
    if shown.is_empty() && file.report.skipped.is_none() {
        return;
    }
    let _ = writeln!(out, "{PATH}{path}{PATH:#}");
    if let Some(reason) = file.report.skipped {
        let _ = writeln!(out, "  skipped: {} {DIM}[{reason}]{DIM:#}", reason.sentence());
    }
    for (finding, (start, _), credentials) in shown {
        let place = format!("{start}");
        let margin = " ".repeat(place.len().max(7) + 4);
        let reference = &finding.reference;
        match &finding.outcome {
            Outcome::Rewrite { to, .. } => {
                let _ = writeln!(out, "  {place:7}  {OLD}{reference}{OLD:#}");
                let _ = writeln!(out, "{margin}-> {NEW}{to}{NEW:#}");
            }
            Outcome::Cached { rule } => {
                let _ = writeln!(out, "  {place:7}  {reference}");
                let _ = writeln!(out, "{margin}{DIM}cached already, through the rule {rule}{DIM:#}");
            }
            Outcome::Left(reason) => {
                let _ = writeln!(out, "  {place:7}  {reference}");
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
            let _ = writeln!(out, "{margin}{DIM}at {} ({}){DIM:#}", finding.place, finding.kind.id());
            if let Some(construct) = &finding.construct {
                let _ = writeln!(out, "{margin}{DIM}of the construct {construct}{DIM:#}");
            }
        }
    }
    out.push('\n');
}

fn is_shown(finding: &Finding, detail: Detail) -> bool {
    detail == Detail::Verbose || !matches!(finding.outcome, Outcome::Cached { .. })
}

fn print_sums(out: &mut String, report: &Report, tense: Tense) {
    let counts = report.counts();
    let Counts { rewrite, changed_files, cached, ref left } = counts;
    let (references, files) = (plural(rewrite, "reference"), plural(changed_files, "file"));
    let change = match tense {
        _ if report.read == 0 => "no file was found that can hold a reference".to_owned(),
        _ if rewrite == 0 => "nothing to rewrite".to_owned(),
        Tense::Would => format!("{references} in {files} would be rewritten"),
        Tense::Done => format!("{references} in {files} rewritten"),
    };
    let _ = writeln!(out, "{change}; {cached} cached already, {} left", counts.left_total());
    if !left.is_empty() {
        let reasons: Vec<String> = left.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let _ = writeln!(out, "left: {}", reasons.join(", "));
    }
    for assembly in &report.assemblies {
        let _ = writeln!(
            out,
            "{assembly} is a cloud assembly: `cdk deploy --app {assembly}` deploys it as it is, a plain `cdk deploy` \
             synthesises it again"
        );
    }
    if report.accepted > 0 {
        let _ = writeln!(out, "in the baseline: {}", plural(report.accepted, "reference"));
    }
    let skipped = report.files.iter().filter(|file| file.report.skipped.is_some()).count();
    if skipped > 0 {
        let _ = writeln!(out, "skipped: {}", plural(skipped, "file"));
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
