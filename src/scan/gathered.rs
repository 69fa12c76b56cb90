//! What a run gathers from all threads.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use ecrewrite::assembly::Changes;
use ecrewrite::report::{Problem, Report};
use ecrewrite::write::Hash;
use ecrewrite::{FileReport, Inventory, Kustomization, NamedValues, Outcome, Position, Reason, Stack};

/// What is gathered from all threads.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) report: Report,
    /// Of templates in cloud assemblies, by assembly: old text and new.
    pub(super) assemblies: BTreeMap<PathBuf, Changes>,
    /// Of those templates, the names in the report, and what was read.
    pub(super) read: BTreeMap<PathBuf, (String, Hash)>,
    /// New texts of other files, which are written at the end: another file may say that they stay.
    pub(super) changes: BTreeMap<PathBuf, Change>,
    pub(super) kustomizations: Vec<(String, Kustomization)>,
    /// What the files say around the images.
    pub(super) inventories: Vec<(String, Inventory)>,
    /// The files of each folder of Terraform, with their names in the report.
    pub(super) terraform: BTreeMap<String, Vec<(PathBuf, String)>>,
    /// The templates of CloudFormation, and the files that may hold values for their parameters.
    pub(super) stacks: Vec<(String, Stack)>,
    pub(super) parameters: Vec<(PathBuf, String)>,
    /// Files that may be either, and show no sign of a reference.
    pub(super) unlikely: Vec<(PathBuf, String)>,
    /// The same, of files that were not asked for: they may be templates only.
    pub(super) templates: Vec<(PathBuf, String)>,
    /// The named values that stand where an image is expected, by folder.
    pub(super) modules: BTreeMap<String, NamedValues>,
    /// What else people should know.
    pub(super) notes: Vec<String>,
}

/// A file that changes.
pub(super) struct Change {
    /// Its name in the report.
    pub(super) name: String,
    /// What was read.
    pub(super) old: Hash,
    pub(super) text: String,
    /// What it changes in manifests.
    pub(super) in_manifests: Vec<String>,
}

/// The new text of a file.
pub(super) enum New {
    File(Change),
    /// It changes with the assembly, whose folder this is.
    InAssembly {
        root: PathBuf,
        template: PathBuf,
        name: String,
        old: Hash,
        text: String,
    },
}

impl Gathered {
    /// Takes the new text of a file in.
    pub(super) fn keep(&mut self, path: &Path, new: Option<New>) {
        match new {
            Some(New::File(change)) => drop(self.changes.insert(path.to_owned(), change)),
            Some(New::InAssembly { root, template, name, old, text }) => {
                self.read.insert(template.clone(), (name, old));
                self.assemblies.entry(root).or_default().insert(template, text);
            }
            None => {}
        }
    }

    /// Drops the new text of a file: it is read again.
    pub(super) fn forget(&mut self, path: &Path) {
        self.changes.remove(path);
        if self.assemblies.is_empty() {
            return;
        }
        if let Ok(template) = path.canonicalize() {
            self.read.remove(&template);
            self.assemblies.values_mut().for_each(|changes| drop(changes.remove(&template)));
            self.assemblies.retain(|_, changes| !changes.is_empty());
        }
    }

    /// Takes in what other files say of those that were asked for: definitions, and nothing of their own.
    pub(super) fn learn(&mut self, around: Gathered) {
        self.kustomizations.extend(around.kustomizations);
        self.stacks.extend(around.stacks);
        self.templates.extend(around.unlikely);
        for (folder, values) in around.modules {
            self.modules.entry(folder).or_default().add(&values);
        }
    }

    /// What was to be rewritten in these files stays, for these reasons.
    pub(super) fn leave(&mut self, names: &HashMap<String, Reason>) {
        for file in self.report.files.iter_mut().filter(|_| !names.is_empty()) {
            let reason = names.get(&file.report.path).copied();
            reason.into_iter().for_each(|reason| leave(&mut file.report, reason));
        }
    }

    pub(super) fn problem(&mut self, path: impl Into<String>, place: Option<Position>, message: impl Into<String>) {
        self.report.errors.push(Problem { path: path.into(), place, message: message.into() });
    }
}

/// What was to be rewritten stays.
pub(super) fn leave(report: &mut FileReport, reason: Reason) {
    for finding in &mut report.findings {
        if matches!(finding.outcome, Outcome::Rewrite { .. }) {
            finding.outcome = Outcome::Left(reason);
        }
    }
}
