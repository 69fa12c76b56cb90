//! `--files-from`: the files of a list.

use std::io::Read;
use std::path::{Path, PathBuf};

use ecrewrite::source::display;
use ecrewrite::system::said;

/// Reads a list; `-` is standard input. Empty names are none. The message of an error is complete.
pub(crate) fn read(list: &Path, is_null: bool) -> Result<Vec<PathBuf>, String> {
    let (shown, bytes) = match list == Path::new("-") {
        true => {
            let mut bytes = Vec::new();
            ("standard input".to_owned(), std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
        }
        false => (display(list), ecrewrite::content::named_bytes(list)),
    };
    let bytes = bytes.map_err(|error| format!("--files-from: {shown} cannot be read: {}", said(&error)))?;
    let names = bytes.split(|byte| *byte == if is_null { 0 } else { b'\n' });
    let names = names.map(|name| if is_null { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    names.filter(|name| !name.is_empty()).map(|name| path(name, &shown, is_null)).collect()
}

fn path(name: &[u8], list: &str, is_null: bool) -> Result<PathBuf, String> {
    if !is_null && name.contains(&0) {
        return Err(format!("--files-from: {list} has NUL characters in it; `--null` says that they end the names"));
    }
    // What git prints without `-z` for a name with odd characters.
    if !is_null && name.starts_with(b"\"") && name.ends_with(b"\"") {
        let name = String::from_utf8_lossy(name);
        return Err(format!(
            "--files-from: {list}: {name} is in quotes: `git diff --name-only -z` prints it as it is, and `--null` reads that"
        ));
    }
    of_bytes(name).ok_or_else(|| format!("--files-from: {list}: {} is not UTF-8", String::from_utf8_lossy(name)))
}

#[cfg(unix)]
fn of_bytes(name: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(name)))
}

#[cfg(not(unix))]
fn of_bytes(name: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(name).ok().map(PathBuf::from)
}
