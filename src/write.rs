//! Writing files: each is replaced as a whole, with its permissions, or stays as it was.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Replaces the content of a file: a temporary file beside it gets the text and its permissions, then its name.
///
/// # Errors
///
/// Whatever the system says; the file is as it was then.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    prepare(path, text)?.persist(path).map(drop).map_err(|error| error.error)
}

/// Replaces several files that belong together: all of them, or none.
///
/// # Errors
///
/// The file at which it failed, and what the system said. The files are as they were, unless the system also refused to
/// put one back.
pub fn replace_all(files: &[(PathBuf, String)]) -> Result<(), (PathBuf, io::Error)> {
    let mut prepared = Vec::new();
    for (path, text) in files {
        let before = fs::read(path).map_err(|error| (path.clone(), error))?;
        prepared.push((path, before, prepare(path, text).map_err(|error| (path.clone(), error))?));
    }
    let mut done: Vec<(&PathBuf, Vec<u8>)> = Vec::new();
    for (path, before, file) in prepared {
        if let Err(error) = file.persist(path) {
            for (path, before) in done {
                fs::write(path, before).map_err(|error| (path.clone(), error))?;
            }
            return Err((path.clone(), error.error));
        }
        done.push((path, before));
    }
    Ok(())
}

fn prepare(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let file = tempfile::Builder::new().prefix(".ecrewrite-").tempfile_in(folder);
    // The system's own words, without the random name of the temporary file.
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => {
            io::Error::new(error.kind(), "permission to write into its folder is denied")
        }
        kind => io::Error::from(kind),
    })?;
    file.write_all(text.as_bytes())?;
    keep_owner(path, file.as_file())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives the new file the owner of the old one, where the system allows it: root may, others own what they write.
#[cfg(unix)]
fn keep_owner(path: &Path, file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};

    let (old, new) = (fs::metadata(path)?, file.metadata()?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::File) -> io::Result<()> {
    Ok(())
}
