//! What a run found, and its views: one file a format. Nothing is computed here but sums.
//!
//! A view is a function from a [`Report`] and a [`Setting`] to text; [`print`] chooses among them.

pub mod diagnoses;
pub mod diff;
pub mod json;
pub mod text;

use std::collections::BTreeMap;
use std::path::{Component, PathBuf};

use crate::finding::{FileReport, Outcome};
use crate::reason::Reason;
use crate::source::{Position, Source, Span, display};

/// Everything that a run found, ordered by path.
#[derive(Debug, Default)]
pub struct Report {
    /// The files with something to say.
    pub files: Vec<Located>,
    /// What could not be read, parsed or written.
    pub errors: Vec<Problem>,
    /// How many files were read.
    pub read: usize,
    /// The cloud assemblies that change.
    pub assemblies: Vec<String>,
    /// How many findings a baseline accepts; they are among those above no longer.
    pub accepted: usize,
    /// The change of each file as a unified diff, by path, if somebody asked for it.
    pub diffs: BTreeMap<String, String>,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// One document, whose shape is frozen.
    Json,
    /// What `git apply` takes.
    Diff,
}

/// How much of the report is printed for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The sums only.
    Quiet,
    /// What changes, and what does not, and why.
    Normal,
    /// Also what is cached already, and the way to each reference.
    Verbose,
}

/// Whether the changes were made, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// Nothing was written.
    Would,
    /// The files are written.
    Done,
}

/// What a view goes by beside what was found.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Whether the changes were made.
    pub tense: Tense,
    /// How much people want to see.
    pub detail: Detail,
    /// What people do next.
    pub next: Option<String>,
    /// The current folder, as a whole path without links: paths of a report are relative to it.
    pub here: PathBuf,
    /// The root of the repository around it, or the current folder if there is none.
    pub root: PathBuf,
}

impl Setting {
    /// A path of the report from the root of the repository on, as those write it who know the repository alone. A path
    /// outside it stays whole.
    pub fn from_root(&self, path: &str) -> String {
        let mut whole = PathBuf::new();
        for part in self.here.join(path).components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                Component::CurDir => {}
                part => whole.push(part),
            }
        }
        display(whole.strip_prefix(&self.root).unwrap_or(&whole))
    }
}

/// The report in this form, with a final newline.
///
/// # Errors
///
/// None in practice: the shapes hold nothing that JSON cannot.
pub fn print(format: Format, report: &Report, setting: &Setting) -> serde_json::Result<String> {
    Ok(match format {
        Format::Text => text::print(report, setting),
        Format::Json => json::print(report)?,
        Format::Diff => report.diffs.values().map(String::as_str).collect(),
    })
}

/// A file's report with the places that people read.
#[derive(Debug)]
pub struct Located {
    /// What was found.
    pub report: FileReport,
    /// Start and end of each finding, in their order.
    pub places: Vec<(Position, Position)>,
    /// Where credentials beside each finding stand, in the same order.
    pub credentials: Vec<Option<Position>>,
}

impl Located {
    /// The report of a source, with its places.
    pub fn new(report: FileReport, source: &Source) -> Self {
        if report.findings.is_empty() {
            return Located { report, places: Vec::new(), credentials: Vec::new() };
        }
        let positions = source.positions();
        let places = report.findings.iter().map(|finding| {
            let trim = usize::from(source.text()[finding.span.range()].starts_with(['"', '\'']));
            (positions.at(finding.span.start + trim), positions.at(finding.span.end - trim))
        });
        let places = places.collect();
        let at = |span: Span| positions.at(span.start);
        let credentials = report.findings.iter().map(|finding| finding.credentials.map(at)).collect();
        Located { places, credentials, report }
    }
}

/// A file that could not be handled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// Where in it, if that is known.
    pub place: Option<Position>,
    /// What is wrong.
    pub message: String,
}

/// How a run ended, as its exit code says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing would change.
    Clean,
    /// Something would change.
    Findings,
    /// Something could not be read, parsed or written.
    Broken,
}

impl Status {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Broken => 2,
        }
    }
}

/// How many references have which outcome.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Rewritten, or to be.
    pub rewrite: usize,
    /// In how many files.
    pub changed_files: usize,
    /// Already cached.
    pub cached: usize,
    /// Left, by reason.
    pub left: BTreeMap<Reason, usize>,
    /// How many files were not read as their format, by reason.
    pub skipped: BTreeMap<Reason, usize>,
}

impl Counts {
    /// How many were left, whatever the reason.
    pub fn left_total(&self) -> usize {
        self.left.values().sum()
    }
}

impl Report {
    /// Sorts by path, so that two runs print the same.
    pub fn sort(&mut self) {
        self.files.sort_by(|one, other| one.report.path.cmp(&other.report.path));
        self.errors.sort();
    }

    /// How the run ended.
    pub fn status(&self) -> Status {
        if !self.errors.is_empty() {
            Status::Broken
        } else if self.counts().rewrite > 0 {
            Status::Findings
        } else {
            Status::Clean
        }
    }

    /// The sums.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for file in &self.files {
            if let Some(reason) = file.report.skipped {
                *counts.skipped.entry(reason).or_default() += 1;
            }
            counts.changed_files += usize::from(file.report.rewrites().next().is_some());
            for finding in &file.report.findings {
                match &finding.outcome {
                    Outcome::Rewrite { .. } => counts.rewrite += 1,
                    Outcome::Cached { .. } => counts.cached += 1,
                    Outcome::Left(reason) => *counts.left.entry(*reason).or_default() += 1,
                }
            }
        }
        counts
    }

    /// The prefixes of the cache rules that references use, once they are rewritten.
    pub fn prefixes_in_use(&self) -> Vec<&str> {
        let findings = self.files.iter().flat_map(|file| &file.report.findings);
        findings.filter_map(|finding| finding.outcome.rule()).collect()
    }
}
