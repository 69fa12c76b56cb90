//! The report as Markdown: the summary of a job.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::plain::{plain, short};
use super::{Report, Setting, Tense};
use crate::finding::Outcome;
use crate::reason::Reason;
use crate::source::Position;

/// How many bytes the rows may fill. GitHub takes a mebibyte of each step, and what stands around them needs some too.
const ROWS_MAX: usize = 900_000;

/// What is read as Markdown, or as HTML in it, even in a cell of code.
const MARKED: &str = "\\`|";

/// The report as Markdown. Rows for which there is no room are counted.
pub fn print(report: &Report, setting: &Setting) -> String {
    let counts = report.counts();
    let mut out = "## ecrewrite\n\n".to_owned();
    let (references, files) = (plural(counts.rewrite, "reference"), plural(counts.changed_files, "file"));
    let change = match setting.tense {
        _ if report.read == 0 => "No file was found that can hold a reference".to_owned(),
        _ if counts.rewrite == 0 => "Nothing to rewrite".to_owned(),
        Tense::Would => format!("**{references} in {files} would be rewritten**"),
        Tense::Done => format!("**{references} in {files} rewritten**"),
    };
    let _ = write!(out, "{change}; {} cached already, {} left", counts.cached, counts.left_total());
    if !report.errors.is_empty() {
        let _ = write!(out, ", **{}**", plural(report.errors.len(), "error"));
    }
    out.push_str(".\n");
    if report.accepted > 0 {
        let _ = writeln!(out, "\nIn the baseline: {}.", plural(report.accepted, "reference"));
    }
    print_errors(&mut out, report, setting);
    print_changes(&mut out, report, setting);
    print_left(&mut out, report, setting);
    if setting.tense == Tense::Would && counts.rewrite > 0 {
        out.push_str(
            "\nTo see this on your own machine, and to make the change:\n\n\
             ```sh\necrewrite check\necrewrite rewrite\n```\n",
        );
    }
    out
}

fn print_errors(out: &mut String, report: &Report, setting: &Setting) {
    if report.errors.is_empty() {
        return;
    }
    out.push_str("\n### Errors\n\n");
    let rows = report.errors.iter().map(|problem| {
        let line = problem.place.map_or_else(String::new, |place| place.line.to_string());
        format!("| {} | {line} | {} |\n", code(&setting.from_root(&problem.path)), code(&problem.message))
    });
    print_table(out, "| file | line | what is wrong |\n|---|--:|---|\n", rows);
}

fn print_changes(out: &mut String, report: &Report, setting: &Setting) {
    let mut rows = Vec::new();
    for file in &report.files {
        let path = code(&setting.from_root(&file.report.path));
        for (finding, (start, _)) in file.report.findings.iter().zip(&file.places) {
            if let Outcome::Rewrite { to, .. } = &finding.outcome {
                let (old, new) = (code(&finding.reference), code(to));
                rows.push(format!("| {path} | {} | {old} | {new} |\n", start.line));
            }
        }
    }
    if !rows.is_empty() {
        out.push('\n');
        print_table(out, "| file | line | old | new |\n|---|--:|---|---|\n", rows.into_iter());
    }
}

/// Something that stays: its file, and place and text if it is not the whole file.
type Left<'r> = (&'r str, Option<Position>, &'r str);

/// What stays, folded by reason; whole files below the references.
fn print_left(out: &mut String, report: &Report, setting: &Setting) {
    let mut left: BTreeMap<Reason, Vec<Left>> = BTreeMap::new();
    for file in &report.files {
        let path = file.report.path.as_str();
        if let Some(reason) = file.report.skipped {
            left.entry(reason).or_default().push((path, None, ""));
        }
        for (finding, (start, _)) in file.report.findings.iter().zip(&file.places) {
            if let Outcome::Left(reason) = finding.outcome {
                left.entry(reason).or_default().push((path, Some(*start), &finding.reference));
            }
        }
    }
    for (reason, of_reason) in left {
        let sentence = with_code(reason.sentence());
        let count = of_reason.len();
        let _ = write!(out, "\n<details><summary>{count} <code>{reason}</code>: {sentence}</summary>\n\n");
        let rows = of_reason.into_iter().map(|(path, place, reference)| {
            let line = place.map_or_else(String::new, |place| place.line.to_string());
            let reference = if reference.is_empty() { String::new() } else { code(reference) };
            format!("| {} | {line} | {reference} |\n", code(&setting.from_root(path)))
        });
        print_table(out, "| file | line | reference |\n|---|--:|---|\n", rows);
        out.push_str("\n</details>\n");
    }
}

fn print_table(out: &mut String, head: &str, rows: impl Iterator<Item = String>) {
    out.push_str(head);
    let mut more = 0;
    for row in rows {
        match more == 0 && out.len() + row.len() <= ROWS_MAX {
            true => out.push_str(&row),
            false => more += 1,
        }
    }
    if more > 0 {
        let _ = writeln!(out, "\n… and {more} more");
    }
}

/// A text in a cell of a table, to the letter.
fn code(text: &str) -> String {
    let text = short(text);
    let text = plain(&text);
    let is_plain = !text.is_empty() && text.trim() == text && !text.contains(|one| MARKED.contains(one));
    if is_plain {
        return format!("`{text}`");
    }
    let mut out = "<code>".to_owned();
    for character in text.chars() {
        match character {
            '-' | '.' | '/' => out.push(character),
            mark if mark.is_ascii_punctuation() || mark == ' ' => {
                let _ = write!(out, "&#{};", u32::from(mark));
            }
            letter => out.push(letter),
        }
    }
    out + "</code>"
}

/// A sentence of ours in HTML.
fn with_code(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part.to_owned() } else { format!("<code>{part}</code>") }).collect()
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
