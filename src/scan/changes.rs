//! What becomes of new texts: shown, written, or left.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use ecrewrite::assembly::{self, AssemblyError, Changes, Standing};
use ecrewrite::engine::name_of;
use ecrewrite::report::diff;
use ecrewrite::source::display;
use ecrewrite::write::{Hash, Hold, Replacement, Unit};
use ecrewrite::{FileReport, Reason, SiteKind, Source};

use super::gathered::{Change, Gathered, New, leave};
use super::{Mode, Scan};

/// A file or a cloud assembly that is to change.
pub(super) struct Planned {
    pub(super) unit: Unit,
    /// The names in the report of what it rewrites.
    pub(super) names: Vec<String>,
    /// The folder, of an assembly.
    pub(super) assembly: Option<PathBuf>,
    /// Until it is written, no other run is at the files of an assembly: each by itself would say less than all of them.
    _hold: Option<Hold>,
    /// Its changes by the names that reports show, where they are wanted.
    diffs: BTreeMap<String, String>,
}

impl Scan<'_> {
    pub(super) fn change(&self, gathered: &mut Gathered) {
        let mut planned = Vec::new();
        for (path, Change { name, old, text, .. }) in std::mem::take(&mut gathered.changes) {
            let file = Replacement { path, old, text };
            let diffs = self.diff_of(&file, &name).into_iter().collect();
            let unit = Unit { files: vec![file], journal: None };
            planned.push(Planned { unit, names: vec![name], assembly: None, _hold: None, diffs });
        }
        for (root, changes) in std::mem::take(&mut gathered.assemblies) {
            planned.extend(self.assembly(root, &changes, gathered));
        }
        match &self.mode {
            Mode::Check => planned.into_iter().for_each(|one| done(one, gathered)),
            Mode::Write(writing) => writing.write(planned, gathered),
        }
    }

    fn diff_of(&self, file: &Replacement, name: &str) -> Option<(String, String)> {
        let old = self.diff.then(|| file.old_text().ok())??;
        Some((name.to_owned(), diff::unified(name, &old, &file.text)))
    }

    /// A cloud assembly changes as a whole, or stays.
    fn assembly(&self, root: PathBuf, changes: &Changes, gathered: &mut Gathered) -> Option<Planned> {
        let read = changes.keys().filter_map(|path| gathered.read.get(path));
        let names: Vec<String> = read.map(|(name, _)| name.clone()).collect();
        let mut unit = Unit { files: Vec::new(), journal: Some(root.clone()) };
        let mut diffs = BTreeMap::new();
        let hold = matches!(self.mode, Mode::Write(_)).then(|| Hold::of(&root));
        let changed = match assembly::rehash(&root, changes) {
            Ok(changed) => changed,
            Err(error) => {
                let message = format!("the cloud assembly was left as it is: {}", refusal(error));
                gathered.problem(shown(&root), None, message);
                gathered.leave(&names.into_iter().map(|name| (name, Reason::Assembly)).collect());
                return None;
            }
        };
        for (path, assembly::Changed { old, new }) in changed {
            if self.diff {
                let name = shown(&path);
                diffs.insert(name.clone(), diff::unified(&name, &old, &new));
            }
            // A template was read before the rest.
            let old = gathered.read.get(&path).map_or_else(|| Hash::of(&old), |(_, old)| *old);
            unit.files.push(Replacement { path, old, text: new });
        }
        Some(Planned { unit, names, assembly: Some(root), _hold: hold, diffs })
    }

    /// Where the new text of a file goes; nowhere if the file has to stay.
    pub(super) fn new_text(&self, path: &Path, source: &Source, text: String, report: &mut FileReport) -> Option<New> {
        match self.folders.standing(path) {
            Standing::Staged => {
                leave(report, Reason::StagedAsset);
                return None;
            }
            Standing::PartOf(root, template) => {
                let old = Hash::of(source.text());
                return Some(New::InAssembly { root, template, name: report.path.clone(), old, text });
            }
            Standing::Alone => {}
        }
        let in_manifests = report
            .rewrites()
            .filter(|(finding, ..)| matches!(finding.kind, SiteKind::Kubernetes | SiteKind::Kustomize | SiteKind::Helm))
            .flat_map(|(finding, to, _)| [name_of(&finding.reference), name_of(to)])
            .flatten()
            .collect();
        let (old, text) = match self.mode {
            // Nobody will ask for it, and a tree may have many.
            Mode::Check if !self.diff => (Hash::of(""), String::new()),
            _ => (Hash::of(source.text()), text),
        };
        Some(New::File(Change { name: report.path.clone(), old, text, in_manifests }))
    }
}

/// Takes a change that was made, or would be, into the report.
pub(super) fn done(one: Planned, gathered: &mut Gathered) {
    gathered.report.assemblies.extend(one.assembly.as_deref().map(shown));
    gathered.report.diffs.extend(one.diffs);
}

/// A whole path as seen from the current folder, where it is below that.
pub(super) fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    // Without the dot of `./`.
    path.strip_prefix(here).unwrap_or(path).components().filter(|part| *part != Component::CurDir).collect()
}

/// What is wrong with an assembly, with paths as reports show them.
fn refusal(error: AssemblyError) -> String {
    match error {
        AssemblyError::Unreadable(path, error) => AssemblyError::Unreadable(shown(&path).into(), error),
        AssemblyError::Invalid(path, error) => AssemblyError::Invalid(shown(&path).into(), error),
        other => other,
    }
    .to_string()
}

/// A whole path as reports show it.
pub(super) fn shown(path: &Path) -> String {
    display(&from_here(path))
}
