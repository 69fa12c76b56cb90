//! What the system says of files and folders, in words that are the same on every system.

use std::io::{Error, ErrorKind};

/// Why a file or a folder could not be had, as the end of a sentence.
pub fn said(error: &Error) -> String {
    match error.kind() {
        // Somebody has found words for it.
        _ if error.get_ref().is_some() => error.to_string(),
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        ErrorKind::AlreadyExists => "a file of this name is there already".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is a file, not a folder".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}
