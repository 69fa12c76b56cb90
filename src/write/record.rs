//! What files were before they were replaced, as edits of what they are: to undo a run, or what is left of one.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::temporary::{JOURNAL, NEW_TEXT, Temporary, is_named, sync_folder, take_over};
use super::{Hash, Replacement, Unit, WriteError, read, replace};

/// How a text becomes again what it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Undo {
    /// The hash of what it was.
    before: String,
    /// The hash of what it is.
    after: String,
    /// In the order of the text, not overlapping.
    edits: Vec<UndoEdit>,
}

/// One of the changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct UndoEdit {
    /// Where the new text begins, in bytes of what the file is.
    offset: usize,
    old: String,
    new: String,
}

/// What a file is, seen from a change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    After,
    Other,
}

impl Undo {
    /// The way back from a new text to an old one. Line by line where there are as many, as there are after most changes.
    pub fn of(old: &str, new: &str) -> Self {
        let (before, after) = (Hash::of(old).to_string(), Hash::of(new).to_string());
        let lines = |text: &str| text.split_inclusive('\n').count();
        if lines(old) != lines(new) {
            return Undo { before, after, edits: vec![edit(0, old, new)] };
        }
        let mut offset = 0;
        let mut edits = Vec::new();
        for (old, new) in old.split_inclusive('\n').zip(new.split_inclusive('\n')) {
            if old != new {
                edits.push(edit(offset, old, new));
            }
            offset += new.len();
        }
        Undo { before, after, edits }
    }

    /// What the text was; `None` if it is not the one that this is for.
    pub fn text(&self, new: &str) -> Option<String> {
        if self.state(new) != State::After {
            return None;
        }
        let mut old = String::with_capacity(new.len());
        let mut copied = 0;
        for edit in &self.edits {
            old.push_str(new.get(copied..edit.offset)?);
            copied = edit.offset.checked_add(edit.new.len())?;
            if new.get(edit.offset..copied)? != edit.new {
                return None;
            }
            old.push_str(&edit.old);
        }
        old.push_str(new.get(copied..)?);
        (self.state(&old) == State::Before).then_some(old)
    }

    /// Whether a text is what it was.
    pub fn is_undone(&self, text: &str) -> bool {
        self.state(text) == State::Before
    }

    /// What makes a file what it was; `None` if it is that already.
    ///
    /// # Errors
    ///
    /// [`WriteError`] if it cannot be read, or is not as the change left it.
    pub fn replacement(&self, path: &Path) -> Result<Option<Replacement>, WriteError> {
        let now = String::from_utf8(read(path)?).map_err(|_| WriteError::Changed)?;
        if self.is_undone(&now) {
            return Ok(None);
        }
        let text = self.text(&now).ok_or(WriteError::Changed)?;
        Ok(Some(Replacement { path: path.to_owned(), old: Hash::of(&now), text }))
    }

    pub(super) fn put_back(&self, path: &Path) -> Result<(), WriteError> {
        let Some(file) = self.replacement(path)? else { return Ok(()) };
        replace(&[&Unit { files: vec![file], journal: None }]).map_err(|failed| failed.error)
    }

    fn state(&self, text: impl AsRef<[u8]>) -> State {
        match Hash::of(text).to_string() {
            hash if hash == self.before => State::Before,
            hash if hash == self.after => State::After,
            _ => State::Other,
        }
    }
}

/// The smallest edit that makes one text of the other.
fn edit(offset: usize, old: &str, new: &str) -> UndoEdit {
    let same = |(one, other): &(char, char)| one == other;
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let (old, new) = (&old[start..], &new[start..]);
    let end: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    UndoEdit { offset: offset + start, old: old.to_owned(), new: new.to_owned() }
}

/// What a run replaces.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// The files.
    pub files: Vec<Recorded>,
}

/// A file that a run replaces.
#[derive(Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// Where it is.
    pub path: String,
    /// The folder of the cloud assembly that it belongs to: the files of one are undone together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assembly: Option<String>,
    /// What it was.
    #[serde(flatten)]
    pub undo: Undo,
}

impl Record {
    const VERSION: u32 = 1;

    /// A record of these files.
    pub fn new(files: Vec<Recorded>) -> Self {
        Record { version: Self::VERSION, files }
    }

    /// The record as JSON, with a final newline.
    ///
    /// # Errors
    ///
    /// None in practice: it holds nothing that JSON cannot.
    pub fn print(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// Reads a record.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let record: Record = serde_json::from_str(text).map_err(|error| format!("not the record of a run: {error}"))?;
        match record.version {
            Self::VERSION => Ok(record),
            other => Err(format!("version {other} of the record is not known here")),
        }
    }
}

/// A record in a folder, as long as files of it change. It goes when it is dropped.
pub(super) struct Journal(Temporary);

impl Journal {
    pub(super) fn write(folder: &Path, files: &[(&Path, &Undo)]) -> Result<Self, WriteError> {
        let recorded = files.iter().map(|(path, undo)| {
            let path = path.strip_prefix(folder).unwrap_or(path).to_str().ok_or(WriteError::Changed)?.to_owned();
            Ok(Recorded { path, assembly: None, undo: (*undo).clone() })
        });
        let record = Record::new(recorded.collect::<Result<_, WriteError>>()?);
        let text = record.print().map_err(std::io::Error::from)?;
        let mut temporary = Temporary::in_folder(folder, JOURNAL)?;
        temporary.write(&text)?;
        temporary.file().sync_all()?;
        sync_folder(folder)?;
        Ok(Journal(temporary))
    }

    pub(super) fn stay(self) {
        self.0.stay();
    }
}

/// Puts back what a journal says, if its run came to no end, and nobody changed the files since.
#[cfg_attr(not(unix), allow(dead_code, reason = "nothing is swept there"))]
fn recover(folder: &Path, journal: &Path, swept: &mut Swept) {
    // One that was not written to its end was left before any file changed.
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    let Ok(record) = Record::parse(&text) else { return };
    // Whoever put a journal there must not reach a file anywhere else.
    let Ok(top) = folder.canonicalize() else { return };
    let is_inside = |path: &Path| path.canonicalize().is_ok_and(|path| path.starts_with(&top));
    let state = |file: &Recorded| match folder.join(&file.path) {
        path if is_inside(&path) => read(&path).map_or(State::Other, |bytes| file.undo.state(bytes)),
        _ => State::Other,
    };
    let states: Vec<State> = record.files.iter().map(state).collect();
    let is_half = states.contains(&State::Before) && states.contains(&State::After);
    if !is_half || states.contains(&State::Other) {
        return;
    }
    for file in &record.files {
        let path = folder.join(&file.path);
        match file.undo.put_back(&path) {
            Ok(()) => swept.has_put_back = true,
            Err(error) => swept.failed.push((path, error)),
        }
    }
}

/// What became of what an earlier run left in a folder.
#[derive(Debug, Default)]
pub struct Swept {
    /// Whether files of a unit were put back.
    pub has_put_back: bool,
    /// Files that could not be.
    pub failed: Vec<(PathBuf, WriteError)>,
}

/// Clears away what an earlier run left in a folder when it was killed: its temporary files, and units of files that were
/// only half changed. What belongs to a run that lives stays.
#[cfg(unix)]
pub fn sweep(folder: &Path) -> Swept {
    let mut swept = Swept::default();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let is_journal = is_named(&name, JOURNAL);
        if !is_journal && !is_named(&name, NEW_TEXT) {
            continue;
        }
        let path = entry.path();
        let Some(file) = take_over(&path) else { continue };
        if is_journal {
            let before = swept.failed.len();
            recover(folder, &path, &mut swept);
            if swept.failed.len() > before {
                continue;
            }
        }
        let _ = std::fs::remove_file(&path);
        drop(file);
    }
    swept
}

/// Without locks, nothing tells what was left from what is in use.
#[cfg(not(unix))]
pub fn sweep(_: &Path) -> Swept {
    Swept::default()
}
