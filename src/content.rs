//! What is in a file: of what is one, and up to a size.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How many bytes a file may have to be read. Whoever writes references by hand stays far below it.
pub const SIZE_MAX: u64 = 256 << 20;

/// The bytes of a file that was found. A pipe, a device and a socket are none: who opens them may wait for ever.
///
/// # Errors
///
/// What the system says, [`io::ErrorKind::InvalidInput`] for what is no file, and [`io::ErrorKind::FileTooLarge`].
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    if metadata.len() > SIZE_MAX {
        return Err(too_large());
    }
    read(File::open(path)?, usize::try_from(metadata.len()).unwrap_or(0))
}

/// The text of a file that was found, as [`bytes`].
///
/// # Errors
///
/// Those of [`bytes`], and [`io::ErrorKind::InvalidData`] for what is not UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    to_text(bytes(path)?)
}

/// The text of what the user names to be read, which may be a pipe: `<(git diff --name-only)`.
///
/// # Errors
///
/// As [`text`], but for what is no file.
pub fn named_text(path: &Path) -> io::Result<String> {
    to_text(named_bytes(path)?)
}

/// The bytes of what the user names to be read, as [`named_text`].
///
/// # Errors
///
/// What the system says, and [`io::ErrorKind::FileTooLarge`].
pub fn named_bytes(path: &Path) -> io::Result<Vec<u8>> {
    read(File::open(path)?, 0)
}

/// All of it, as long as it does not grow beyond the limit while it is read.
fn read(file: File, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size.saturating_add(1));
    file.take(SIZE_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIZE_MAX { Err(too_large()) } else { Ok(bytes) }
}

fn to_text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {} MiB", SIZE_MAX >> 20))
}
