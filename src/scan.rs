//! A run over files: walk, check or rewrite each, and gather what was found.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ecrewrite::assembly::{self, Changes};
use ecrewrite::report::{Located, Problem, Report, diff};
use ecrewrite::source::display;
use ecrewrite::walk::{Excludes, Prefilter, Visit, walk};
use ecrewrite::{FileReport, Options, Outcome, Policy, Position, Reason, Rewritten, Source, Upstream, rewrite, write};

/// What a run does with the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Only finds them.
    Check,
    /// Writes them.
    Write,
    /// Shows them as a diff.
    Diff,
}

/// What a run needs to know.
#[derive(Debug)]
pub(crate) struct Scan<'s> {
    pub(crate) roots: &'s [PathBuf],
    pub(crate) excludes: &'s Excludes,
    pub(crate) policy: &'s Policy,
    pub(crate) options: Options,
    pub(crate) mode: Mode,
}

/// What is gathered from all threads.
#[derive(Default)]
struct Gathered {
    report: Report,
    /// Of templates in cloud assemblies, by assembly: old text and new.
    assemblies: BTreeMap<PathBuf, Changes>,
    diffs: BTreeMap<String, String>,
    /// Of those templates, the names in the report.
    names: BTreeMap<PathBuf, String>,
}

impl Gathered {
    fn problem(&mut self, path: impl Into<String>, place: Option<Position>, message: impl Into<String>) {
        self.report.errors.push(Problem { path: path.into(), place, message: message.into() });
    }

    fn add_diffs(&mut self, files: &Changes) -> Result<(), String> {
        for (path, text) in files {
            let old = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
            let path = shown(path);
            self.diffs.insert(path.clone(), diff::unified(&path, &old, text));
        }
        Ok(())
    }
}

/// What a thread that panicked has gathered is still good.
fn lock(gathered: &Mutex<Gathered>) -> MutexGuard<'_, Gathered> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a run gives: the report, and the diffs if they were asked for.
pub(crate) struct Scanned {
    pub(crate) report: Report,
    pub(crate) diff: String,
}

impl Scan<'_> {
    /// Does it.
    pub(crate) fn run(&self) -> Scanned {
        let gathered = Mutex::new(Gathered::default());
        let prefilter = Prefilter::new(Upstream::hosts());
        walk(self.roots, self.excludes, &prefilter, &|visit| self.visit(visit, &gathered));
        let mut gathered = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (root, changes) in std::mem::take(&mut gathered.assemblies) {
            self.assembly(&root, &changes, &mut gathered);
        }
        gathered.report.sort();
        Scanned { report: gathered.report, diff: gathered.diffs.into_values().collect() }
    }

    fn visit(&self, visit: Visit, gathered: &Mutex<Gathered>) {
        match visit {
            Visit::File(path, source) => self.file(&path, &source, gathered),
            Visit::OutsideLink(path) => {
                let report =
                    FileReport { path: display(&path), skipped: Some(Reason::OutsideLink), ..FileReport::default() };
                lock(gathered).report.files.push(Located { report, places: Vec::new() });
            }
            Visit::Error(error) => lock(gathered).problem(display(&error.path), error.place, error.message),
        }
    }

    fn file(&self, path: &Path, source: &Source, gathered: &Mutex<Gathered>) {
        // A defect in one parser must not take the other files with it.
        let judged = catch_unwind(AssertUnwindSafe(|| rewrite(source, self.policy, self.options)));
        let Ok(Rewritten { mut report, text }) = judged else {
            let message = "a defect of ecrewrite: please report it with the file; it was left as it is";
            return lock(gathered).problem(display(path), None, message);
        };
        if let Some(error) = report.error.take() {
            let message = format!("{error}; the file was left as it is");
            lock(gathered).problem(&report.path, Some(source.position(error.offset)), message);
        }
        if report.findings.iter().any(|finding| finding.outcome == Outcome::Left(Reason::NotVerified)) {
            lock(gathered).problem(&report.path, None, Reason::NotVerified.sentence());
        }
        if let Some(text) = text {
            self.change(path, source, text, &mut report, gathered);
        }
        let located = Located::new(report, source);
        let mut gathered = lock(gathered);
        gathered.report.read += 1;
        if !located.report.findings.is_empty() || located.report.skipped.is_some() {
            gathered.report.files.push(located);
        }
    }

    /// What becomes of the new text of a file. `check` promises what `rewrite` does: it goes the same way, and stops short
    /// of writing.
    fn change(&self, path: &Path, source: &Source, text: String, report: &mut FileReport, gathered: &Mutex<Gathered>) {
        if assembly::is_staged(path) {
            return leave(report, Reason::StagedAsset);
        }
        if let Some((root, template)) = assembly::root_of(path) {
            let mut gathered = lock(gathered);
            gathered.names.insert(template.clone(), report.path.clone());
            gathered.assemblies.entry(root).or_default().insert(template, text);
            return;
        }
        match self.mode {
            Mode::Check => {}
            Mode::Diff => {
                let diff = diff::unified(source.path(), source.text(), &text);
                lock(gathered).diffs.insert(source.path().to_owned(), diff);
            }
            Mode::Write => {
                if let Err(error) = write::replace(path, &text) {
                    let message = format!("cannot be written: {error}; it was left as it is");
                    lock(gathered).problem(&report.path, None, message);
                    leave(report, Reason::Unwritable);
                }
            }
        }
    }

    /// A cloud assembly changes as a whole, or stays.
    fn assembly(&self, root: &Path, changes: &Changes, gathered: &mut Gathered) {
        let rehashed = assembly::rehash(root, changes).map_err(|error| error.to_string());
        let outcome = rehashed.and_then(|files| match self.mode {
            Mode::Check => Ok(()),
            Mode::Diff => gathered.add_diffs(&files),
            Mode::Write => {
                let files: Vec<(PathBuf, String)> = files.into_iter().collect();
                let failed = |(path, error): (PathBuf, _)| format!("{} cannot be written: {error}", shown(&path));
                write::replace_all(&files).map_err(failed)
            }
        });
        let Err(message) = outcome else { return };
        let message = format!("the cloud assembly was left as it is: {message}");
        gathered.problem(shown(root), None, message);
        let names: Vec<&String> = changes.keys().filter_map(|path| gathered.names.get(path)).collect();
        for file in gathered.report.files.iter_mut().filter(|file| names.contains(&&file.report.path)) {
            leave(&mut file.report, Reason::Assembly);
        }
    }
}

/// What was to be rewritten stays.
fn leave(report: &mut FileReport, reason: Reason) {
    for finding in &mut report.findings {
        if matches!(finding.outcome, Outcome::Rewrite { .. }) {
            finding.outcome = Outcome::Left(reason);
        }
    }
}

/// A whole path as reports show it: from the current folder on, where it is below that.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    display(path.strip_prefix(here).unwrap_or(path))
}
