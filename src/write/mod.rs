//! Writing files: each is replaced as a whole, with what belongs to it, or stays as it was.
//!
//! A temporary file beside it gets the text, then its name. Files that belong together are put back if one of them fails;
//! those of a [`Unit`] with a journal also after a run that was killed.

mod attributes;
mod error;
mod record;
mod temporary;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use self::error::{Failed, WriteError};
pub use self::record::{Record, Recorded, Swept, Undo, sweep};
pub use self::temporary::Hold;

use self::record::Journal;
use self::temporary::Temporary;
use sha2::{Digest, Sha256};

/// What a text is known by: its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Hash(Sha256::digest(bytes.as_ref()).into())
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A file, and what becomes of it.
#[derive(Debug)]
pub struct Replacement {
    /// Where it is.
    pub path: PathBuf,
    /// What it held when it was read.
    pub old: Hash,
    /// What it is to hold.
    pub text: String,
}

impl Replacement {
    /// What the file holds.
    ///
    /// # Errors
    ///
    /// [`WriteError`] if that is not what was read.
    pub fn old_text(&self) -> Result<String, WriteError> {
        let bytes = read(&self.path)?;
        match Hash::of(&bytes) == self.old {
            true => String::from_utf8(bytes).map_err(|_| WriteError::Changed),
            false => Err(WriteError::Changed),
        }
    }
}

/// Files that change together, or not at all.
#[derive(Debug)]
pub struct Unit {
    /// The files.
    pub files: Vec<Replacement>,
    /// The folder that holds them, if it must not stay half changed where a run is killed: while they change, a journal in
    /// it says what they were.
    pub journal: Option<PathBuf>,
}

/// Replaces the files of all these units, or none.
///
/// A file that holds its new text already is done.
///
/// # Errors
///
/// The file at which it failed, and why. The files are as they were then, but for those that [`Failed`] names.
pub fn replace(units: &[&Unit]) -> Result<(), Failed> {
    prepare(units)?.finish()
}

/// New files that are to take the place of others.
#[derive(Debug)]
pub struct Prepared<'u> {
    units: Vec<&'u Unit>,
    /// Each with the number of its unit.
    files: Vec<(usize, &'u Replacement, Temporary)>,
}

/// Does everything for the files of these units but the last: each new file is written.
///
/// # Errors
///
/// As [`replace`]. The files are as they were.
pub fn prepare<'u>(units: &[&'u Unit]) -> Result<Prepared<'u>, Failed> {
    for folder in units.iter().filter_map(|unit| unit.journal.as_deref()) {
        if temporary::has_journal(folder) {
            return Err(Failed::new(folder, WriteError::HalfDone));
        }
    }
    let all = || units.iter().enumerate().flat_map(|(unit, of)| of.files.iter().map(move |file| (unit, file)));
    if all().nth(MANY).is_some() {
        temporary::allow_many();
    }
    let mut files = Vec::new();
    for (unit, file) in all() {
        if let Some(temporary) = new_file(file).map_err(|error| Failed::new(&file.path, error))? {
            files.push((unit, file, temporary));
        }
    }
    Ok(Prepared { units: units.to_vec(), files })
}

impl Prepared<'_> {
    /// Gives the new files their names.
    ///
    /// # Errors
    ///
    /// As [`replace`].
    pub fn finish(self) -> Result<(), Failed> {
        let mut undos = Vec::new();
        // What a single file was, nobody needs to know: it is replaced, or it is not.
        if self.files.len() > 1 {
            for (unit, file, _) in &self.files {
                let old = file.old_text().map_err(|error| Failed::new(&file.path, error))?;
                undos.push((*unit, file.path.as_path(), Undo::of(&old, &file.text)));
            }
        }
        let mut journals = Vec::new();
        for (unit, folder) in self.units.iter().enumerate().filter_map(|(at, unit)| Some((at, unit.journal.as_ref()?)))
        {
            let of_unit = undos.iter().filter(|(of, ..)| *of == unit);
            let files: Vec<_> = of_unit.map(|(_, path, undo)| (*path, undo)).collect();
            if !files.is_empty() {
                journals.push(Journal::write(folder, &files).map_err(|error| Failed::new(folder, error))?);
            }
        }
        for (at, (_, file, temporary)) in self.files.into_iter().enumerate() {
            let replaced = file.old_text().and_then(|_| temporary.take_the_place_of(&file.path));
            let Err(error) = replaced else { continue };
            let mut failed = Failed::new(&file.path, error);
            for (_, path, undo) in undos.iter().take(at).rev() {
                if let Err(error) = undo.put_back(path) {
                    failed.not_put_back.push(((*path).to_owned(), error));
                }
            }
            // The next run tries again.
            if !failed.not_put_back.is_empty() {
                journals.into_iter().for_each(Journal::stay);
            }
            return Err(failed);
        }
        Ok(())
    }
}

/// From how many files on the usual number of open files may not do.
const MANY: usize = 200;

/// Writes a file that is not there yet.
///
/// # Errors
///
/// [`WriteError::Exists`] if it is there, or whatever the system says.
pub fn create(path: &Path, text: &str) -> Result<(), WriteError> {
    let mut temporary = Temporary::beside(path).map_err(|error| match error {
        WriteError::Gone => WriteError::System(io::ErrorKind::NotFound.into()),
        error => error,
    })?;
    temporary.write(text)?;
    temporary.take_a_new_name(path)
}

/// The temporary file that is to take the place of a file; `None` if that holds the new text already.
fn new_file(file: &Replacement) -> Result<Option<Temporary>, WriteError> {
    let mut old = open(&file.path)?;
    let mut bytes = Vec::new();
    old.read_to_end(&mut bytes)?;
    let found = Hash::of(&bytes);
    drop(bytes);
    if found != file.old {
        // Another run may have made the same change.
        return if found == Hash::of(&file.text) { Ok(None) } else { Err(WriteError::Changed) };
    }
    let mut temporary = Temporary::beside(&file.path)?;
    temporary.write(&file.text)?;
    attributes::keep(&old, temporary.file())?;
    temporary.file().sync_all()?;
    Ok(Some(temporary))
}

/// A file that may be replaced: nobody gets around its permissions, and none of its names goes astray.
fn open(path: &Path) -> Result<File, WriteError> {
    let metadata = regular(path)?;
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WriteError::Gone,
        io::ErrorKind::PermissionDenied => WriteError::Denied,
        _ => error.into(),
    })?;
    match attributes::names(&file)? {
        0 => Err(WriteError::Gone),
        1 => Ok(file),
        several => Err(WriteError::HardLinks(several)),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, WriteError> {
    regular(path)?;
    Ok(fs::read(path)?)
}

/// Tells of a file without following a link: what stands in its place now may be one.
fn regular(path: &Path) -> Result<fs::Metadata, WriteError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(metadata),
        Ok(_) => Err(WriteError::Changed),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(WriteError::Gone)
        }
        Err(error) => Err(error.into()),
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
