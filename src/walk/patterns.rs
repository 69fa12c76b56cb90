//! Which files and folders are left out, or are the only ones.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::WalkError;

/// What is wrong with a pattern, without the pattern.
fn no_pattern(error: ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => format!("this is no pattern: {err}"),
        other => other.to_string(),
    }
}

/// Patterns of files and folders, as in `.gitignore`, each relative to a folder.
#[derive(Debug, Clone, Default)]
pub struct Patterns(Vec<Gitignore>);

impl Patterns {
    /// No pattern.
    pub fn none() -> Self {
        Patterns(Vec::new())
    }

    /// Adds these patterns, relative to `folder`.
    ///
    /// # Errors
    ///
    /// [`WalkError`] names the pattern that is none.
    pub fn add(&mut self, folder: &Path, patterns: &[String]) -> Result<(), WalkError> {
        let folder = folder.canonicalize().map_err(|error| WalkError::new(folder, error.to_string()))?;
        let mut builder = GitignoreBuilder::new(&folder);
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| WalkError::new(Path::new(pattern), no_pattern(error)))?;
        }
        self.0.push(builder.build().map_err(|error| WalkError::new(&folder, error.to_string()))?);
        Ok(())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a path fits one of them, or a folder above it does.
    pub fn contains(&self, path: &Path, is_folder: bool) -> bool {
        if self.0.is_empty() {
            return false;
        }
        // The folder is followed, the last name is not: a link goes by its own.
        let (Some(name), folder) = (path.file_name(), path.parent().filter(|folder| !folder.as_os_str().is_empty()))
        else {
            return false;
        };
        let Ok(folder) = folder.unwrap_or(Path::new(".")).canonicalize() else { return false };
        let absolute = folder.join(name);
        self.0.iter().any(|patterns| {
            absolute.starts_with(patterns.path())
                && patterns.matched_path_or_any_parents(&absolute, is_folder).is_ignore()
        })
    }
}
