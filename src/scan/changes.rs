//! What becomes of new texts: shown, written, or left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ecrewrite::assembly::{self, AssemblyError, Changes, Folders, Standing};
use ecrewrite::engine::name_of;
use ecrewrite::report::diff;
use ecrewrite::source::display;
use ecrewrite::system::said;
use ecrewrite::{FileReport, Outcome, Reason, SiteKind, write};

use super::gathered::{Change, Gathered, New};
use super::{Mode, Scan};

impl Scan<'_> {
    pub(super) fn replace(&self, path: &Path, change: &Change, gathered: &mut Gathered) {
        let old = if self.diff { std::fs::read_to_string(path).ok() } else { None };
        if self.mode == Mode::Write
            && let Err(error) = write::replace(path, &change.text)
        {
            let message = format!("cannot be written: {}; it was left as it is", said(&error));
            gathered.problem(&change.name, None, message);
            let files = gathered.report.files.iter_mut();
            files
                .filter(|file| file.report.path == change.name)
                .for_each(|file| leave(&mut file.report, Reason::Unwritable));
            return;
        }
        if let Some(old) = old {
            let diff = diff::unified(&change.name, &old, &change.text);
            gathered.report.diffs.insert(change.name.clone(), diff);
        }
    }

    /// A cloud assembly changes as a whole, or stays.
    pub(super) fn assembly(&self, root: &Path, changes: &Changes, gathered: &mut Gathered) {
        let rehashed = assembly::rehash(root, changes).map_err(from_here);
        let outcome = rehashed.and_then(|files| {
            let diffs = if self.diff { diffs(&files)? } else { BTreeMap::new() };
            if self.mode == Mode::Write {
                let files: Vec<(PathBuf, String)> = files.into_iter().collect();
                let failed =
                    |(path, error): (PathBuf, _)| format!("{} cannot be written: {}", shown(&path), said(&error));
                write::replace_all(&files).map_err(failed)?;
            }
            gathered.report.diffs.extend(diffs);
            Ok(())
        });
        let Err(message) = outcome else {
            gathered.report.assemblies.push(shown(root));
            return;
        };
        let message = format!("the cloud assembly was left as it is: {message}");
        gathered.problem(shown(root), None, message);
        let names: Vec<&String> = changes.keys().filter_map(|path| gathered.names.get(path)).collect();
        for file in gathered.report.files.iter_mut().filter(|file| names.contains(&&file.report.path)) {
            leave(&mut file.report, Reason::Assembly);
        }
    }
}

/// Where the new text of a file goes; nowhere if the file has to stay.
pub(super) fn new_text(path: &Path, text: String, report: &mut FileReport, folders: &Folders) -> Option<New> {
    match folders.standing(path) {
        Standing::Staged => {
            leave(report, Reason::StagedAsset);
            return None;
        }
        Standing::PartOf(root, template) => {
            return Some(New::InAssembly { root, template, name: report.path.clone(), text });
        }
        Standing::Alone => {}
    }
    let in_manifests = report
        .rewrites()
        .filter(|(finding, ..)| matches!(finding.kind, SiteKind::Kubernetes | SiteKind::Kustomize | SiteKind::Helm))
        .flat_map(|(finding, to, _)| [name_of(&finding.reference), name_of(to)])
        .flatten()
        .collect();
    Some(New::File(Change { name: report.path.clone(), text, in_manifests }))
}

/// What was to be rewritten stays.
pub(super) fn leave(report: &mut FileReport, reason: Reason) {
    for finding in &mut report.findings {
        if matches!(finding.outcome, Outcome::Rewrite { .. }) {
            finding.outcome = Outcome::Left(reason);
        }
    }
}

/// The changes of files as diffs, by the names that reports show.
fn diffs(files: &Changes) -> Result<BTreeMap<String, String>, String> {
    let diff = |(path, text): (&PathBuf, &String)| {
        let old = std::fs::read_to_string(path).map_err(|error| said(&error))?;
        let name = shown(path);
        let diff = diff::unified(&name, &old, text);
        Ok((name, diff))
    };
    files.iter().map(diff).collect()
}

/// What is wrong with an assembly, with paths as reports show them.
fn from_here(error: AssemblyError) -> String {
    match error {
        AssemblyError::Unreadable(path, error) => AssemblyError::Unreadable(shown(&path).into(), error),
        AssemblyError::Invalid(path, error) => AssemblyError::Invalid(shown(&path).into(), error),
        other => other,
    }
    .to_string()
}

/// A whole path as reports show it: from the current folder on, where it is below that.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    display(path.strip_prefix(here).unwrap_or(path))
}
