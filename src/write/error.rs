//! Why a file was not written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::system::said;

/// Why a file cannot be replaced.
#[derive(Debug)]
pub enum WriteError {
    /// It is no longer there.
    Gone,
    /// It holds something else than when it was read, or is no file any more.
    Changed,
    /// It is there already.
    Exists,
    /// Nobody may write it.
    ReadOnly,
    /// Whoever runs this may not write it.
    Denied,
    /// Whoever runs this may not write into its folder.
    FolderDenied,
    /// It has several names, which would part.
    HardLinks(u64),
    /// The new file would belong to somebody else.
    Owner,
    /// An extended attribute of this name would be lost.
    Attribute(String, io::Error),
    /// An earlier run was killed among its files, and they could not be put back.
    HalfDone,
    /// Whatever else the system says.
    System(io::Error),
}

impl WriteError {
    /// Whether somebody else was at the file while this run was.
    pub fn is_meanwhile(&self) -> bool {
        matches!(self, WriteError::Gone | WriteError::Changed)
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Gone => f.write_str("it is gone since it was read"),
            WriteError::Changed => f.write_str("it changed since it was read; run again"),
            WriteError::Exists => f.write_str("it is there already"),
            WriteError::ReadOnly => f.write_str("the file is read-only; make it writable, and run again"),
            WriteError::Denied => f.write_str("permission to write it is denied; run as somebody who may"),
            WriteError::FolderDenied => {
                f.write_str("permission to write into its folder is denied; run as somebody who may")
            }
            WriteError::HardLinks(names) => write!(
                f,
                "it has {names} names (hard links), which would part; make it a file of its own, and run again"
            ),
            WriteError::Owner => f.write_str("it would not stay its owner's or its group's; run as its owner"),
            WriteError::Attribute(name, error) => {
                write!(f, "its extended attribute {name} would be lost ({error}); run as somebody who may set it")
            }
            WriteError::HalfDone => f.write_str(
                "an earlier run was killed while it wrote this, and that cannot be undone; generate it again, and remove \
                 `.ecrewrite-….undo` in it",
            ),
            WriteError::System(error) => match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    f.write_str("there is no space left for it; make room, and run again")
                }
                io::ErrorKind::FileTooLarge => {
                    f.write_str("the system takes no file of its size; raise that limit, and run again")
                }
                io::ErrorKind::ReadOnlyFilesystem => {
                    f.write_str("its file system is read-only; mount it writable, and run again")
                }
                _ => f.write_str(&said(error)),
            },
        }
    }
}

impl std::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => WriteError::Gone,
            _ => WriteError::System(error),
        }
    }
}

/// Where writing several files failed.
#[derive(Debug)]
pub struct Failed {
    /// The file, or the folder of a journal.
    pub path: PathBuf,
    /// Why.
    pub error: WriteError,
    /// Files that were replaced before, and could not be put back.
    pub not_put_back: Vec<(PathBuf, WriteError)>,
}

impl Failed {
    pub(super) fn new(path: &Path, error: WriteError) -> Self {
        Failed { path: path.to_owned(), error, not_put_back: Vec::new() }
    }
}
