//! A run over files: walk, check or rewrite each, and gather what was found.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ecrewrite::assembly::{self, Changes};
use ecrewrite::report::{Located, Problem, Report, diff};
use ecrewrite::source::display;
use ecrewrite::walk::{Excludes, Prefilter, Visit, walk};
use ecrewrite::{FileReport, Options, Outcome, Policy, Reason, Rewritten, Source, Upstream, rewrite, write};

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
        let lock = || gathered.lock().unwrap_or_else(PoisonError::into_inner);
        match visit {
            Visit::File(path, source) => self.file(path, &source, gathered),
            Visit::OutsideLink(path) => {
                let report =
                    FileReport { path: display(&path), skipped: Some(Reason::OutsideLink), ..FileReport::default() };
                lock().report.files.push(Located { report, places: Vec::new() });
            }
            Visit::Error(error) => {
                let problem = Problem { path: display(&error.path), place: error.place, message: error.message };
                lock().report.errors.push(problem);
            }
        }
    }

    fn file(&self, path: PathBuf, source: &Source, gathered: &Mutex<Gathered>) {
        let lock = || gathered.lock().unwrap_or_else(PoisonError::into_inner);
        // A defect in one parser must not take the other files with it.
        let judged = catch_unwind(AssertUnwindSafe(|| rewrite(source, self.policy, self.options)));
        let Ok(Rewritten { mut report, mut text }) = judged else {
            let message = "a defect of ecrewrite: please report it with the file; it was left as it is".to_owned();
            lock().report.errors.push(Problem { path: display(&path), place: None, message });
            return;
        };
        if let Some(error) = report.error.take() {
            let place = Some(source.position(error.offset));
            let message = format!("{error}; the file was left as it is");
            lock().report.errors.push(Problem { path: report.path.clone(), place, message });
        }
        if report.findings.iter().any(|finding| finding.outcome == Outcome::Left(Reason::NotVerified)) {
            let message = Reason::NotVerified.sentence().to_owned();
            lock().report.errors.push(Problem { path: report.path.clone(), place: None, message });
        }
        if report.rewrites().next().is_some() && assembly::is_staged(&path) {
            leave(&mut report, Reason::StagedAsset);
            text = None;
        }
        if let Some(text) = text {
            if let Some((root, template)) = assembly::root_of(&path) {
                let mut gathered = lock();
                gathered.names.insert(template.clone(), report.path.clone());
                gathered.assemblies.entry(root).or_default().insert(template, text);
            } else if self.mode == Mode::Check {
                // `check` promises what `rewrite` does, so it does all of it but this.
            } else if self.mode == Mode::Diff {
                let diff = diff::unified(source.path(), source.text(), &text);
                lock().diffs.insert(source.path().to_owned(), diff);
            } else if let Err(error) = write::replace(&path, &text) {
                let message = format!("cannot be written: {error}; it was left as it is");
                lock().report.errors.push(Problem { path: report.path.clone(), place: None, message });
                leave(&mut report, Reason::Unwritable);
            }
        }
        let located = Located::new(report, source);
        let mut gathered = lock();
        gathered.report.read += 1;
        if !located.report.findings.is_empty() || located.report.skipped.is_some() {
            gathered.report.files.push(located);
        }
    }

    /// A cloud assembly changes as a whole, or stays.
    fn assembly(&self, root: &std::path::Path, changes: &Changes, gathered: &mut Gathered) {
        let outcome = assembly::rehash(root, changes).map_err(|error| error.to_string()).and_then(|files| {
            if self.mode == Mode::Diff {
                for (path, text) in &files {
                    let old = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
                    let shown = shown(path);
                    gathered.diffs.insert(shown.clone(), diff::unified(&shown, &old, text));
                }
                return Ok(());
            }
            if self.mode == Mode::Check {
                return Ok(());
            }
            let files: Vec<(PathBuf, String)> = files.into_iter().collect();
            write::replace_all(&files).map_err(|(path, error)| format!("{} cannot be written: {error}", shown(&path)))
        });
        let Err(message) = outcome else { return };
        let message = format!("the cloud assembly was left as it is: {message}");
        gathered.report.errors.push(Problem { path: shown(root), place: None, message });
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
fn shown(path: &std::path::Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    display(path.strip_prefix(here).unwrap_or(path))
}
