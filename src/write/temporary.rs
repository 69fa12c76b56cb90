//! Temporary files: they lie beside what they replace, and are locked while their run lives. What is not locked any more
//! was left by a run that was killed, and is cleared away.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{WriteError, folder_of};

const PREFIX: &str = ".ecrewrite-";
/// So many letters and digits that nobody gives a file such a name.
const RANDOM: usize = 16;
pub(super) const NEW_TEXT: &str = ".tmp";
pub(super) const JOURNAL: &str = ".undo";

/// A temporary file. It goes when it is dropped.
#[derive(Debug)]
pub(super) struct Temporary(NamedTempFile);

impl Temporary {
    pub(super) fn beside(path: &Path) -> Result<Self, WriteError> {
        Self::in_folder(folder_of(path), NEW_TEXT)
    }

    pub(super) fn in_folder(folder: &Path, ending: &str) -> Result<Self, WriteError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).rand_bytes(RANDOM).suffix(ending);
        builder.make_in(folder, new).map(Temporary).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => WriteError::FolderDenied,
            _ => error.into(),
        })
    }

    pub(super) fn file(&self) -> &File {
        self.0.as_file()
    }

    pub(super) fn write(&mut self, text: &str) -> Result<(), WriteError> {
        Ok(self.0.as_file_mut().write_all(text.as_bytes())?)
    }

    pub(super) fn take_the_place_of(self, path: &Path) -> Result<(), WriteError> {
        self.0.persist(path).map(drop).map_err(|error| renaming(error.error))
    }

    /// Becomes a file that was not there, and stays whatever happens to the system.
    pub(super) fn take_a_new_name(self, path: &Path) -> Result<(), WriteError> {
        self.file().sync_all()?;
        self.0.persist_noclobber(path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => WriteError::Exists,
            _ => renaming(error.error),
        })?;
        sync_folder(folder_of(path))
    }

    /// Stays where it is, for the next run.
    pub(super) fn stay(self) {
        let _ = self.0.keep();
    }
}

fn renaming(error: io::Error) -> WriteError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => WriteError::FolderDenied,
        _ => error.into(),
    }
}

/// Makes sure that the names in a folder are on the disk.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> Result<(), WriteError> {
    Ok(File::open(folder)?.sync_all()?)
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> Result<(), WriteError> {
    Ok(())
}

/// A new file for nobody else's eyes, locked.
#[cfg(unix)]
fn new(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    // Another run may have taken it for one that was left, before it was locked.
    if lock(&file) == Lock::Busy || file.metadata()?.nlink() == 0 {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    Ok(file)
}

#[cfg(not(unix))]
fn new(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}

#[cfg(unix)]
#[derive(PartialEq, Eq)]
enum Lock {
    Held,
    /// Another run holds it.
    Busy,
    /// The file system knows no locks.
    Unknown,
}

#[cfg(unix)]
fn lock(file: &File) -> Lock {
    use rustix::fs::{FlockOperation, flock};

    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Lock::Held,
        Err(rustix::io::Errno::WOULDBLOCK) => Lock::Busy,
        Err(_) => Lock::Unknown,
    }
}

/// Keeps other runs of this program from a folder until it is dropped, where the system knows how.
#[derive(Debug)]
pub struct Hold(#[allow(dead_code, reason = "the lock goes with it")] Option<File>);

impl Hold {
    /// Waits until no other run holds the folder.
    #[cfg(unix)]
    pub fn of(folder: &Path) -> Self {
        use rustix::fs::{FlockOperation, flock};

        let opened = File::open(folder).ok();
        Hold(opened.filter(|folder| flock(folder, FlockOperation::LockExclusive).is_ok()))
    }

    /// Nothing is held here.
    #[cfg(not(unix))]
    pub fn of(_: &Path) -> Self {
        Hold(None)
    }
}

/// Lets this run have as many open files as it may have.
#[cfg(unix)]
pub(super) fn allow_many() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(not(unix))]
pub(super) fn allow_many() {}

/// Whether a journal lies in a folder.
pub(super) fn has_journal(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| is_named(&entry.file_name(), JOURNAL))
}

/// Whether a file is one of ours by its name.
pub(super) fn is_named(name: &OsStr, ending: &str) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(ending));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The file, locked, if it is a file and no run that lives holds it.
#[cfg(unix)]
pub(super) fn take_over(path: &Path) -> Option<File> {
    use std::os::unix::fs::MetadataExt;

    let named = std::fs::symlink_metadata(path).ok().filter(|named| named.is_file() && named.nlink() == 1)?;
    // Over a network, some take locks only on what may be written.
    let writable = OpenOptions::new().read(true).write(true).open(path);
    let file = writable.or_else(|_| File::open(path)).ok()?;
    let opened = file.metadata().ok()?;
    let is_same = (named.dev(), named.ino()) == (opened.dev(), opened.ino());
    (is_same && lock(&file) == Lock::Held && file.metadata().ok()?.nlink() == 1).then_some(file)
}
