//! How new texts are written: what is in the way of each, what is recorded before, and what is left of a run that was killed.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use ecrewrite::Reason;
use ecrewrite::source::display;
use ecrewrite::write::{self, Failed, Record, Recorded, Replacement, Swept, Undo, Unit, WriteError};

use super::changes::{Planned, done, from_here, shown};
use super::gathered::Gathered;
use crate::git;

/// How a run writes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Writing {
    /// Whether one file that fails keeps all the others.
    pub(crate) all_or_nothing: bool,
    /// Whether files may have changes that git could not bring back.
    pub(crate) allow_dirty: bool,
    /// Where to say what the files were.
    pub(crate) undo_file: Option<PathBuf>,
}

/// Why a unit stays.
struct Refusal {
    one: Planned,
    reason: Reason,
    message: String,
}

impl Refusal {
    fn of(one: Planned, failed: &Failed) -> Self {
        let reason = if failed.error.is_meanwhile() { Reason::ChangedMeanwhile } else { Reason::Unwritable };
        Refusal::with(one, &failed.path, reason, &failed.error.to_string())
    }

    fn with(one: Planned, path: &Path, reason: Reason, cause: &str) -> Self {
        let cannot = if reason == Reason::Unwritable { "cannot be written" } else { "" };
        match one.assembly {
            Some(_) => {
                let file = [shown(path).as_str(), cannot].join(if cannot.is_empty() { "" } else { " " });
                let message = format!("the cloud assembly was left as it is: {file}: {cause}");
                Refusal { one, reason: Reason::Assembly, message }
            }
            None => {
                let and = if cannot.is_empty() { "" } else { ", and " };
                Refusal { one, reason, message: format!("{cannot}{and}was left as it is: {cause}") }
            }
        }
    }

    fn tell(self, left: &mut HashMap<String, Reason>, gathered: &mut Gathered) {
        let name = self.one.assembly.as_deref().map(shown);
        gathered.problem(name.unwrap_or_else(|| self.one.names.concat()), None, self.message);
        left.extend(self.one.names.into_iter().map(|name| (name, self.reason)));
    }
}

impl Writing {
    pub(super) fn write(&self, planned: Vec<Planned>, gathered: &mut Gathered) {
        let mut refused = Vec::new();
        let mut left = HashMap::new();
        let mut keep = |one: Planned, reason| left.extend(one.names.into_iter().map(|name| (name, reason)));
        let mut record = None;
        let mut planned = self.without_dirty(planned, &mut refused, gathered);
        if let Some(file) = &self.undo_file {
            let mut files = Vec::new();
            planned = each(planned, &mut refused, |one| {
                files.extend(recorded(one)?);
                Ok(())
            });
            record = Some((Record::new(files), file.as_path()));
        }
        if self.is_off(&refused, gathered) {
            planned.drain(..).for_each(|one| keep(one, Reason::AllOrNothing));
        } else if self.all_or_nothing {
            let others = self.write_all(planned, record, &mut refused, gathered);
            others.into_iter().for_each(|one| keep(one, Reason::AllOrNothing));
        } else if !is_printed(record, gathered) {
            planned.into_iter().for_each(|one| keep(one, Reason::Unwritable));
        } else {
            for one in planned {
                match write::replace(&[&one.unit]) {
                    Ok(()) => done(one, gathered),
                    Err(failed) => {
                        not_put_back(&failed, gathered);
                        refused.push(Refusal::of(one, &failed));
                    }
                }
            }
        }
        refused.into_iter().for_each(|refusal| refusal.tell(&mut left, gathered));
        gathered.leave(&left);
    }

    /// Whether nothing is written, since something is wrong already.
    fn is_off(&self, refused: &[Refusal], gathered: &Gathered) -> bool {
        self.all_or_nothing && !(refused.is_empty() && gathered.report.errors.is_empty())
    }

    /// Writes all of it, or none; then what is not to blame comes back.
    fn write_all(
        &self,
        planned: Vec<Planned>,
        record: Option<(Record, &Path)>,
        refused: &mut Vec<Refusal>,
        gathered: &mut Gathered,
    ) -> Vec<Planned> {
        let units: Vec<&Unit> = planned.iter().map(|one| &one.unit).collect();
        let failed = match write::prepare(&units) {
            Ok(_) if !is_printed(record, gathered) => return planned,
            Ok(prepared) => match prepared.finish() {
                Ok(()) => {
                    planned.into_iter().for_each(|one| done(one, gathered));
                    return Vec::new();
                }
                Err(failed) => {
                    // A record of nothing would be in the way of the next try.
                    if let Some(file) = self.undo_file.as_deref().filter(|_| failed.not_put_back.is_empty()) {
                        let _ = std::fs::remove_file(file);
                    }
                    failed
                }
            },
            Err(failed) => failed,
        };
        not_put_back(&failed, gathered);
        let mut others = Vec::new();
        for one in planned {
            let has = |path: &Path| one.unit.files.iter().any(|file| file.path == path);
            match has(&failed.path) || one.unit.journal.as_ref() == Some(&failed.path) {
                true => refused.push(Refusal::of(one, &failed)),
                false => others.push(one),
            }
        }
        others
    }

    /// Keeps what has changes that git could not bring back.
    fn without_dirty(
        &self,
        planned: Vec<Planned>,
        refused: &mut Vec<Refusal>,
        gathered: &mut Gathered,
    ) -> Vec<Planned> {
        if self.allow_dirty {
            return planned;
        }
        let files = planned.iter().flat_map(|one| &one.unit.files);
        let unstaged = git::unstaged(files.map(|file| file.path.as_path()));
        gathered.notes.extend(unstaged.notes);
        let mut clean = Vec::new();
        for one in planned {
            let dirty = one.unit.files.iter().find(|file| unstaged.files.contains(&file.path));
            match dirty.map(|file| file.path.clone()) {
                None => clean.push(one),
                Some(path) => {
                    let cause = "it has changes that are not staged, which git could not bring back; stage or commit \
                                 them, or add `--allow-dirty`";
                    refused.push(Refusal::with(one, &path, Reason::Unstaged, cause));
                }
            }
        }
        clean
    }
}

/// What passes a test; the rest is refused.
fn each(
    planned: Vec<Planned>,
    refused: &mut Vec<Refusal>,
    mut test: impl FnMut(&Planned) -> Result<(), Failed>,
) -> Vec<Planned> {
    let mut passed = Vec::new();
    for one in planned {
        match test(&one) {
            Ok(()) => passed.push(one),
            Err(failed) => refused.push(Refusal::of(one, &failed)),
        }
    }
    passed
}

/// How the files of a unit become again what they are.
fn recorded(one: &Planned) -> Result<Vec<Recorded>, Failed> {
    let recorded = |file: &Replacement| {
        let path = from_here(&file.path);
        let path = path.to_str().ok_or_else(|| {
            WriteError::System(std::io::Error::other("its name is not UTF-8, so `--undo-file` cannot name it"))
        })?;
        let undo = Undo::of(&file.old_text()?, &file.text);
        let assembly = one.assembly.as_deref().map(shown);
        Ok(Recorded { path: path.to_owned(), assembly, undo })
    };
    let files = one.unit.files.iter().map(|file| {
        let failed = |error| Failed { path: file.path.clone(), error, not_put_back: Vec::new() };
        recorded(file).map_err(failed)
    });
    files.collect()
}

/// Writes the record of what is about to be replaced, if there is to be one.
fn is_printed(record: Option<(Record, &Path)>, gathered: &mut Gathered) -> bool {
    let Some((record, file)) = record else { return true };
    let text = record.print().map_err(|error| error.to_string());
    let printed = text.and_then(|text| write::create(file, &text).map_err(|error| error.to_string()));
    if let Err(error) = &printed {
        gathered.problem(display(file), None, format!("cannot be written: {error}; nothing was written"));
    }
    printed.is_ok()
}

/// Files that belong together, and now do not.
fn not_put_back(failed: &Failed, gathered: &mut Gathered) {
    for (path, error) in &failed.not_put_back {
        let message = format!("it was rewritten, and could not be put back when another file failed: {error}");
        gathered.problem(shown(path), None, message);
    }
}

/// What was cleared away.
pub(super) struct Cleared {
    /// Whether files have to be read again.
    pub(super) has_put_back: bool,
    failed: Vec<(PathBuf, WriteError)>,
}

impl Cleared {
    pub(super) fn tell(self, gathered: &mut Gathered) {
        for (path, error) in self.failed {
            let message = format!("an earlier run was killed, and what it did to this cannot be undone: {error}");
            gathered.problem(display(&path), None, message);
        }
    }
}

/// Clears away what an earlier run left when it was killed, where this run found something.
pub(super) fn clear_up(gathered: &Gathered, undo_file: Option<&Path>) -> Cleared {
    let mut folders = BTreeSet::new();
    let named = gathered.report.files.iter().map(|file| Path::new(&file.report.path));
    for file in named.chain(gathered.changes.keys().map(PathBuf::as_path)).chain(undo_file) {
        let mut folder = folder_of(file);
        while folders.insert(folder.to_owned()) {
            // The journal of an assembly lies in its outermost folder.
            match folder.parent().map(current).filter(|above| *above != folder) {
                Some(above) if above.join("manifest.json").is_file() => folder = above,
                _ => break,
            }
        }
    }
    let mut cleared = Cleared { has_put_back: false, failed: Vec::new() };
    for folder in folders {
        let Swept { has_put_back, failed } = write::sweep(&folder);
        cleared.has_put_back |= has_put_back;
        cleared.failed.extend(failed);
    }
    cleared
}

fn folder_of(file: &Path) -> &Path {
    current(file.parent().unwrap_or(file))
}

fn current(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
