//! Paths to sources, in parallel: which files are read, which of them can hold a reference, and what could not be read.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{WalkBuilder, WalkState};

use crate::assembly;
use crate::schema::Format;
use crate::source::{Position, Source, display};

/// Folders that hold other people's files, or none: never entered unless named.
const NEVER_ENTERED: [&str; 3] = [".git", ".terraform", "node_modules"];

/// Where CDK writes its cloud assembly unless it is told otherwise.
const ASSEMBLY: &str = "cdk.out";

/// A file or folder that cannot be read, or whose pattern is none.
#[derive(Debug)]
pub struct WalkError {
    /// The path as it was named or found.
    pub path: PathBuf,
    /// Where in it, if that is known.
    pub place: Option<Position>,
    /// What is wrong with it.
    pub message: String,
}

impl WalkError {
    fn new(path: &Path, message: impl Into<String>) -> Self {
        WalkError { path: path.to_owned(), place: None, message: message.into() }
    }
}

impl std::fmt::Display for WalkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", display(&self.path), self.message)
    }
}

impl std::error::Error for WalkError {}

/// Something on the way.
#[derive(Debug)]
pub enum Visit {
    /// A file of one of our formats that may hold a reference.
    File(PathBuf, Source),
    /// A file of one of our formats that shows no sign of a reference, its name, and what is in it.
    Unlikely(PathBuf, String, Vec<u8>),
    /// A cloud assembly that git ignores, and nobody named.
    IgnoredAssembly(PathBuf),
    /// A link of such a name that leads out of the roots, or nowhere.
    OutsideLink(PathBuf),
    /// A file or folder that cannot be read.
    Error(WalkError),
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
            builder.add_line(None, pattern).map_err(|error| WalkError::new(Path::new(pattern), error.to_string()))?;
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

/// Whether bytes can hold a reference: a byte search that spares the rest of the work.
#[derive(Debug)]
pub struct Prefilter(AhoCorasick);

impl Prefilter {
    /// Looks for the word image, for the places that are not named so, for private registries, and for these hosts.
    pub fn new<'h>(hosts: impl IntoIterator<Item = &'h str>) -> Self {
        let needles = ["mage", "EcrUri", "ontainerUri", "ontainer_uri", "RoboMaker", ".dkr"].into_iter().chain(hosts);
        #[expect(clippy::expect_used, reason = "a few short words are no automaton too large")]
        Prefilter(AhoCorasick::new(needles).expect("the needles fit"))
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        is_utf16(bytes) || self.0.is_match(bytes)
    }
}

/// Text in two-byte units would pass every byte search unseen.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// Visits every file of our formats below the roots that can hold a reference; from several threads, in no order.
///
/// Folders are walked as git sees them. One that is itself ignored, or is a cloud assembly, was named for a reason: all
/// of it is read. A root that is a file is read whatever the rules say.
pub fn walk(
    roots: &[PathBuf],
    excludes: &Patterns,
    only: &Patterns,
    prefilter: &Prefilter,
    visit: &(dyn Fn(Visit) + Sync),
) {
    let walker = Walker {
        folders: roots.iter().filter_map(|root| root.canonicalize().ok()).collect(),
        overlap: roots.len() > 1,
        seen: Mutex::default(),
        excludes,
        only,
        prefilter,
        visit,
    };
    for root in roots {
        match fs::metadata(root) {
            Err(error) => visit(Visit::Error(WalkError::new(root, describe(&error)))),
            Ok(metadata) if metadata.is_file() => {
                let target = root.canonicalize().unwrap_or_else(|_| root.clone());
                let path = if root.is_symlink() { &target } else { root };
                walker.file(path, root, Named::Yes);
            }
            Ok(_) if assembly::is_assembly(root) || is_ignored(root) => walker.everything(root),
            Ok(_) => walker.folder(root),
        }
    }
}

struct Walker<'w> {
    folders: Vec<PathBuf>,
    /// Whether roots may overlap.
    overlap: bool,
    /// The files that were visited, of those that have several ways to them.
    seen: Mutex<HashSet<PathBuf>>,
    excludes: &'w Patterns,
    /// If there are any, files that are found have to fit one.
    only: &'w Patterns,
    prefilter: &'w Prefilter,
    visit: &'w (dyn Fn(Visit) + Sync),
}

/// Whether a file was named by the user, or found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Yes,
    No,
}

impl Walker<'_> {
    /// A folder, by the rules of git, in parallel.
    fn folder(&self, root: &Path) {
        let excludes = self.excludes_of(root);
        let walk =
            WalkBuilder::new(root).hidden(false).filter_entry(move |entry| !excludes(entry.path())).build_parallel();
        walk.run(|| {
            Box::new(|entry| {
                match entry {
                    Ok(entry) => match entry.file_type() {
                        Some(kind) if kind.is_symlink() => self.link(entry.path()),
                        Some(kind) if kind.is_file() => {
                            if entry.file_name() == assembly::APP {
                                self.output_of(entry.path());
                            }
                            self.file(entry.path(), entry.path(), Named::No);
                        }
                        Some(kind) if kind.is_dir() => self.ignored_assembly(entry.path()),
                        _ => {}
                    },
                    Err(error) => (self.visit)(Visit::Error(walk_error(root, &error))),
                }
                WalkState::Continue
            })
        });
    }

    /// The cloud assembly that an app says it writes: it is read though git ignores it.
    fn output_of(&self, app: &Path) {
        let Some(output) = assembly::output_of(app).filter(|output| assembly::is_assembly(output)) else { return };
        let Ok(real) = output.canonicalize() else { return };
        let is_new = || self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(real.clone());
        if !self.folders.contains(&real) && is_ignored(&output) && is_new() {
            self.everything(&output);
        }
    }

    /// Tells of a cloud assembly in a folder that git ignores: it is read only when it is named.
    fn ignored_assembly(&self, folder: &Path) {
        let assembly = folder.join(ASSEMBLY);
        let is_output = || assembly::output_of(&folder.join(assembly::APP)).is_some_and(|output| output == assembly);
        let is_named = || is_output() || assembly.canonicalize().is_ok_and(|assembly| self.folders.contains(&assembly));
        if assembly::is_assembly(&assembly) && !is_named() && is_ignored(&assembly) {
            (self.visit)(Visit::IgnoredAssembly(assembly));
        }
    }

    /// A folder whose files are all read.
    fn everything(&self, root: &Path) {
        let mut files = Vec::new();
        let excludes = self.excludes_of(root);
        for entry in walkdir::WalkDir::new(root).into_iter().filter_entry(|entry| !excludes(entry.path())) {
            match entry {
                Ok(entry) if entry.file_type().is_symlink() => self.link(entry.path()),
                Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    (self.visit)(Visit::Error(WalkError::new(&path, describe(&error.into()))));
                }
            }
        }
        let next = AtomicUsize::new(0);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                        self.file(file, file, Named::No);
                    }
                });
            }
        });
    }

    fn excludes_of(&self, root: &Path) -> impl Fn(&Path) -> bool + Send + Sync + use<> {
        let patterns = self.excludes.0.clone();
        let root = root.to_owned();
        move |path| {
            let never = path.file_name().is_some_and(|name| NEVER_ENTERED.iter().any(|never| name == *never));
            path != root && (never || Patterns(patterns.clone()).contains(path, path.is_dir()))
        }
    }

    /// A link within the roots leads to a file that is visited under its own name, unless that is of no format.
    fn link(&self, path: &Path) {
        if Format::of_path(&display(path)).is_none() {
            return;
        }
        let target = path.canonicalize().ok().filter(|target| self.folders.iter().any(|root| target.starts_with(root)));
        match target {
            None => (self.visit)(Visit::OutsideLink(path.to_owned())),
            Some(target) if target.is_file() && Format::of_path(&display(&target)).is_none() => {
                self.file(&target, path, Named::No);
            }
            Some(_) => {}
        }
    }

    /// A file, and the name that it goes by.
    fn file(&self, path: &Path, name: &Path, named: Named) {
        let shown = display(name);
        let Some(format) = Format::of_path(&shown) else {
            if named == Named::Yes {
                (self.visit)(Visit::Error(WalkError::new(name, "its name is of no format that is read here")));
            }
            return;
        };
        if named == Named::No && !self.only.is_empty() && !self.only.contains(name, false) {
            return;
        }
        if self.overlap || path != name {
            let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(real) {
                return;
            }
        }
        match fs::read(path) {
            Err(error) => (self.visit)(Visit::Error(WalkError::new(name, describe(&error)))),
            // In files of builds and pipelines nothing need say that something is an image.
            Ok(bytes) if !matches!(format, Format::Named(..)) && !self.prefilter.matches(&bytes) => {
                (self.visit)(Visit::Unlikely(path.to_owned(), shown, bytes));
            }
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => (self.visit)(Visit::File(path.to_owned(), Source::new(shown, text))),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let valid = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
                    let place = Some(Source::new(shown, valid).position(at));
                    let message = "this is not UTF-8; the file was left as it is";
                    (self.visit)(Visit::Error(WalkError { place, ..WalkError::new(name, message) }));
                }
            },
        }
    }
}

/// Whether a file lies where Helm looks for the templates of a chart: below `templates` in a folder with a `Chart.yaml`.
pub fn is_chart_template(path: &Path) -> bool {
    let name = path.file_name().map(Path::new).unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Standard input may go by the name of a file that is not there.
    let Ok(path) = path.canonicalize().or_else(|_| folder.canonicalize().map(|folder| folder.join(name))) else {
        return false;
    };
    let mut folders = path.ancestors().skip(1).filter(|folder| folder.ends_with("templates"));
    folders.any(|folder| folder.with_file_name("Chart.yaml").is_file())
}

/// Whether the ignore rules leave a folder out, or one above it.
fn is_ignored(folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    let in_repository = folder.ancestors().take_while(|ancestor| !ancestor.join(".git").exists()).count();
    let below_top = folder.ancestors().take(in_repository);
    folder.ancestors().any(|ancestor| ancestor.join(".git").exists())
        && below_top.into_iter().any(|ancestor| {
            let Some(parent) = ancestor.parent() else { return false };
            let mut listed = WalkBuilder::new(parent).hidden(false).max_depth(Some(1)).build();
            !listed.any(|entry| entry.is_ok_and(|entry| entry.path() == ancestor))
        })
}

fn walk_error(root: &Path, error: &ignore::Error) -> WalkError {
    fn path_of(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
            _ => None,
        }
    }
    let message = error.io_error().map_or_else(|| error.to_string(), describe);
    WalkError::new(path_of(error).unwrap_or(root), message)
}

fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission to read it is denied".to_owned(),
        _ => error.to_string(),
    }
}
