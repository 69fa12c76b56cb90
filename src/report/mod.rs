//! What a run found, and its views: one file a format. Nothing is computed here but sums.
//!
//! A view is a function from a [`Report`] and a [`Setting`] to text; [`print()`] chooses among them.

#[cfg(feature = "cli")]
pub mod diagnoses;
#[cfg(feature = "cli")]
pub mod diff;
#[cfg(feature = "cli")]
pub mod github;
#[cfg(feature = "cli")]
pub mod github_output;
#[cfg(feature = "cli")]
pub mod html;
pub mod json;
#[cfg(feature = "cli")]
pub mod level;
#[cfg(feature = "cli")]
pub mod markdown;
#[cfg(feature = "cli")]
pub mod plain;
#[cfg(feature = "cli")]
pub mod rdjson;
#[cfg(feature = "cli")]
pub mod sarif;
#[cfg(feature = "cli")]
pub mod text;

use std::collections::BTreeMap;
use std::path::{Component, PathBuf};

use crate::edit::Fix;
use crate::finding::{FileReport, Finding, Outcome};
use crate::policy::CacheRule;
use crate::reason::Reason;
use crate::registry::{ACCOUNT_PLACEHOLDER, REGION_PLACEHOLDER, Registry};
use crate::source::{Position, Positions, Source, display};

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
    /// The cache rules that the findings go through, sorted.
    pub rules: Vec<RuleInUse>,
    /// How many findings a baseline accepts; they are among those above no longer.
    pub accepted: usize,
    /// The change of each file as a unified diff, by path, if somebody asked for it.
    pub diffs: BTreeMap<String, String>,
}

/// A cache rule that findings go through, now or once they are rewritten. One prefix may stand for two rules: folders
/// may go by different registries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleInUse {
    /// Its prefix, by which findings name it.
    pub prefix: String,
    /// The host of the registry it caches.
    pub upstream: String,
    /// The path there that it is limited to.
    pub upstream_prefix: Option<String>,
    /// The account of the private registry it belongs to, if that is known.
    pub account: Option<String>,
    /// The region of that registry, if it is known.
    pub region: Option<String>,
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
    /// A page to show around.
    Html,
    /// Annotations of a workflow on GitHub.
    Github,
    /// For code scanning and editors.
    Sarif,
    /// For bots that suggest changes: reviewdog's format.
    Rdjson,
    /// The summary of a job.
    Markdown,
    /// The outputs of a step on GitHub.
    GithubOutput,
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

impl RuleInUse {
    /// A rule of this registry.
    pub fn new(rule: &CacheRule, registry: &Registry) -> Self {
        RuleInUse {
            prefix: rule.prefix().to_owned(),
            upstream: rule.upstream().url().to_owned(),
            upstream_prefix: rule.upstream_prefix().map(str::to_owned),
            account: registry.known_account().map(str::to_owned),
            region: registry.known_region().map(str::to_owned),
        }
    }
}

impl Format {
    /// Whether a file of this form holds what several steps say, one behind the other.
    pub fn appends(self) -> bool {
        matches!(self, Format::Markdown | Format::GithubOutput)
    }
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
#[cfg(feature = "cli")]
pub fn print(format: Format, report: &Report, setting: &Setting) -> serde_json::Result<String> {
    Ok(match format {
        Format::Text => text::print(report, setting),
        Format::Json => plain::json(json::print(report)?),
        Format::Html => html::print(report, setting)?,
        Format::Diff => report.diffs.values().map(String::as_str).collect(),
        Format::Github => github::print(report, setting),
        Format::Sarif => plain::json(sarif::print(report, setting)?),
        Format::Rdjson => plain::json(rdjson::print(report, setting)?),
        Format::Markdown => markdown::print(report, setting),
        Format::GithubOutput => github_output::print(report),
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
    /// The columns of start and end of each finding, counted in bytes, in the same order.
    pub bytes: Vec<(usize, usize)>,
    /// Where the file changes for each finding, in the same order; none for those that are not rewritten, or only to a
    /// placeholder.
    pub changes: Vec<Option<Change>>,
}

/// Where a file changes for one finding.
#[derive(Debug)]
pub struct Change {
    /// Start and end of each edit, in their order.
    pub edits: Vec<(Point, Point)>,
    /// The text from the start of the first edit to the end of the last, once all are made. None where these are far
    /// apart.
    pub whole: Option<String>,
}

/// A place for programs, which count columns in characters or in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The place as people read it.
    pub position: Position,
    /// Its column in bytes, from 1.
    pub byte: usize,
}

/// How many bytes may lie between the edits of a finding for them to be shown as one.
const WHOLE_MAX: usize = 4096;

impl Located {
    /// The report of a source, with its places.
    pub fn new(report: FileReport, source: &Source) -> Self {
        if report.findings.is_empty() {
            return Located::whole(report);
        }
        let positions = source.positions();
        let mut located = Located::whole(report);
        // Most files have one finding, and a large tree has many such files: what a list grows beyond it would be most.
        let count = located.report.findings.len();
        located.places.reserve_exact(count);
        located.bytes.reserve_exact(count);
        located.credentials.reserve_exact(count);
        located.changes.reserve_exact(count);
        for finding in &located.report.findings {
            let trim = usize::from(source.text()[finding.span.range()].starts_with(['"', '\'']));
            let (start, end) = (finding.span.start + trim, finding.span.end - trim);
            located.places.push((positions.at(start), positions.at(end)));
            located.bytes.push((positions.byte_column(start), positions.byte_column(end)));
            located.credentials.push(finding.credentials.map(|span| positions.at(span.start)));
            located.changes.push(match &finding.outcome {
                // Where the host is not known, nobody should be offered to write a placeholder.
                Outcome::Rewrite { to, fix, .. } if !has_placeholder(to) => {
                    Some(Change::new(fix, source.text(), &positions))
                }
                Outcome::Rewrite { .. } | Outcome::Cached { .. } | Outcome::Left(_) => None,
            });
        }
        located
    }

    /// The report of a file in which nothing has a place.
    pub fn whole(report: FileReport) -> Self {
        Located { report, places: Vec::new(), credentials: Vec::new(), bytes: Vec::new(), changes: Vec::new() }
    }

    /// Drops the findings that are not wanted, with all that is known of their places.
    pub fn retain(&mut self, mut is_wanted: impl FnMut(&FileReport, &Finding) -> bool) {
        let wanted: Vec<bool> = self.report.findings.iter().map(|one| is_wanted(&self.report, one)).collect();
        keep(&mut self.report.findings, &wanted);
        keep(&mut self.places, &wanted);
        keep(&mut self.credentials, &wanted);
        keep(&mut self.bytes, &wanted);
        keep(&mut self.changes, &wanted);
    }
}

/// Drops what is not wanted of a list.
fn keep<T>(list: &mut Vec<T>, wanted: &[bool]) {
    let mut wanted = wanted.iter();
    list.retain(|_| wanted.next().is_some_and(|wanted| *wanted));
}

impl Change {
    fn new(fix: &Fix, text: &str, positions: &Positions<'_>) -> Self {
        let point = |offset| Point { position: positions.at(offset), byte: positions.byte_column(offset) };
        let edits = fix.edits.iter().map(|edit| (point(edit.span.start), point(edit.span.end))).collect();
        Change { edits, whole: whole(fix, text) }
    }
}

/// Whether the host in a reference is not known.
fn has_placeholder(to: &str) -> bool {
    [ACCOUNT_PLACEHOLDER, REGION_PLACEHOLDER].iter().any(|placeholder| to.contains(placeholder))
}

fn whole(fix: &Fix, text: &str) -> Option<String> {
    let (first, last) = (fix.edits.first()?, fix.edits.last()?);
    let mut whole = String::new();
    let mut at = first.span.start;
    last.span.end.checked_sub(at).filter(|length| *length <= WHOLE_MAX)?;
    for edit in &fix.edits {
        whole.push_str(text.get(at..edit.span.start)?);
        whole.push_str(&edit.text);
        at = edit.span.end;
    }
    Some(whole)
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

    /// Whether a file is part of a cloud assembly that changes: no change of it alone is right.
    pub fn is_in_assembly(&self, path: &str, setting: &Setting) -> bool {
        let path = setting.from_root(path);
        self.assemblies.iter().map(|root| setting.from_root(root)).any(|root| {
            let is_inside = path.strip_prefix(&root).is_some_and(|rest| rest.starts_with('/'));
            is_inside || root == "." && !path.starts_with('/')
        })
    }

    /// The prefixes of the cache rules that references use, once they are rewritten.
    pub fn prefixes_in_use(&self) -> Vec<&str> {
        let findings = self.files.iter().flat_map(|file| &file.report.findings);
        findings.filter_map(|finding| finding.outcome.rule()).collect()
    }
}
