//! Paths to sources, in parallel: which files are read, which of them can hold a reference, and what could not be read.

mod around;
mod patterns;
mod prefilter;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

pub use around::walk_around;
pub use patterns::Patterns;
pub use prefilter::Prefilter;

use crate::assembly;
use crate::content;
use crate::schema::Format;
use crate::source::{Position, Source, display};
use crate::system::said;

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
    /// A file of one of our formats that is too large to be read.
    TooLarge(PathBuf),
    /// A file or folder that cannot be read.
    Error(WalkError),
}

/// What is searched.
#[derive(Debug, Clone, Default)]
pub struct Roots {
    /// Files and folders that were named. A file of no format is an error.
    pub named: Vec<PathBuf>,
    /// The files of a list, which may be of any kind. Folders are none: in a list of git, they are submodules.
    pub listed: Vec<PathBuf>,
    /// Whether patterns hold for files too that were named or listed.
    pub force_exclude: bool,
}

impl Roots {
    /// These files and folders.
    pub fn of(named: &[PathBuf]) -> Self {
        Roots { named: named.to_vec(), ..Roots::default() }
    }

    /// The files among them: what is said of those may stand in files beside them.
    pub fn files(&self) -> Vec<PathBuf> {
        self.named.iter().chain(&self.listed).filter(|path| path.is_file()).cloned().collect()
    }

    /// Whether no folder is among them.
    pub fn has_no_folder(&self) -> bool {
        !self.named.iter().any(|path| path.is_dir())
    }
}

/// Visits every file of our formats below the roots that can hold a reference; from several threads, in no order.
///
/// Folders are walked as git sees them. One that is itself ignored, or is a cloud assembly, was named for a reason: all
/// of it is read. A root that is a file is read whatever the rules say, unless they are forced.
pub fn walk(
    roots: &Roots,
    excludes: &Patterns,
    only: &Patterns,
    prefilter: &Prefilter,
    visit: &(dyn Fn(Visit) + Sync),
) {
    let all = || roots.named.iter().chain(&roots.listed);
    let walker = Walker {
        folders: all().filter_map(|root| root.canonicalize().ok()).collect(),
        overlap: all().nth(1).is_some(),
        seen: Mutex::default(),
        excludes,
        only,
        prefilter,
        visit,
    };
    let mut files = Vec::new();
    let is_listed = roots.named.iter().map(|_| false).chain(roots.listed.iter().map(|_| true));
    for (root, is_listed) in all().zip(is_listed) {
        match fs::metadata(root) {
            // A link to nowhere is told as one that is found is.
            Err(_) if is_listed && root.is_symlink() => walker.link(root),
            Err(error) => visit(Visit::Error(WalkError::new(root, describe(&error)))),
            Ok(metadata) if metadata.is_file() => {
                files.push((root.clone(), if is_listed { Origin::Listed } else { Origin::Named }));
            }
            Ok(_) if is_listed => {}
            Ok(metadata) if !metadata.is_dir() => {
                visit(Visit::Error(WalkError::new(root, "it is neither a file nor a folder")));
            }
            Ok(_) if assembly::is_assembly(root) || is_ignored(root) => walker.everything(root),
            Ok(_) => walker.folder(root),
        }
    }
    in_parallel(&files, |(file, origin)| walker.root(file, *origin, roots.force_exclude));
}

fn current(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Does something with each, from several threads, in no order.
pub fn in_parallel<T: Sync>(all: &[T], each: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(all.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    each(one);
                }
            });
        }
    });
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

/// How a file comes to be visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The user named it.
    Named,
    /// It stands in a list.
    Listed,
    /// It was found.
    Found,
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
                            self.file(entry.path(), entry.path(), Origin::Found);
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
        in_parallel(&files, |file| self.file(file, file, Origin::Found));
    }

    /// A file that was named or listed.
    fn root(&self, root: &Path, origin: Origin, force_exclude: bool) {
        if force_exclude && self.leaves_out(root) {
            return;
        }
        match root.is_symlink() {
            true if origin == Origin::Listed => self.link(root),
            false if origin == Origin::Listed && leads_out(root) => (self.visit)(Visit::OutsideLink(root.to_owned())),
            true => self.file(&root.canonicalize().unwrap_or_else(|_| root.to_owned()), root, origin),
            false => self.file(root, root, origin),
        }
    }

    /// Whether a walk would not come to a file: by the patterns, or because it lies where nobody goes.
    fn leaves_out(&self, file: &Path) -> bool {
        let is_never = |part: Component| NEVER_ENTERED.iter().any(|never| part.as_os_str() == *never);
        let is_no_other = || self.only.is_empty() || self.only.contains(file, false);
        file.components().any(is_never) || self.excludes.contains(file, false) || !is_no_other()
    }

    /// The files of a folder, and of those below it down to a depth, by the rules of git.
    fn files_in(&self, folder: &Path, depth: usize, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
        let excludes = self.excludes_of(folder);
        let walk = WalkBuilder::new(folder)
            .hidden(false)
            .max_depth(Some(depth))
            .filter_entry(move |entry| !excludes(entry.path()))
            .build();
        let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| kind.is_file());
        walk.filter_map(Result::ok).filter(is_file).map(DirEntry::into_path).filter(|path| wanted(path)).collect()
    }

    fn excludes_of(&self, root: &Path) -> impl Fn(&Path) -> bool + Send + Sync + use<> {
        let patterns = self.excludes.clone();
        let root = root.to_owned();
        move |path| {
            let never = path.file_name().is_some_and(|name| NEVER_ENTERED.iter().any(|never| name == *never));
            path != root && (never || (!patterns.is_empty() && patterns.contains(path, path.is_dir())))
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
                self.file(&target, path, Origin::Found);
            }
            Some(_) => {}
        }
    }

    /// A file, and the name that it goes by.
    fn file(&self, path: &Path, name: &Path, origin: Origin) {
        let shown = display(name);
        let Some(format) = Format::of_path(&shown) else {
            if origin == Origin::Named {
                let why = Format::unread(&shown).unwrap_or(
                    "its name is of no format that is read here; `- --stdin-filename NAME` reads it as another",
                );
                (self.visit)(Visit::Error(WalkError::new(name, why)));
            }
            return;
        };
        if origin == Origin::Found && !self.only.is_empty() && !self.only.contains(name, false) {
            return;
        }
        if self.overlap || path != name {
            let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(real) {
                return;
            }
        }
        match content::bytes(path) {
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                (self.visit)(Visit::TooLarge(name.to_owned()));
            }
            Err(error) => (self.visit)(Visit::Error(WalkError::new(name, describe(&error)))),
            // In files of builds and pipelines nothing need say that something is an image.
            Ok(bytes)
                if !matches!(format, Format::Named(..)) && !self.prefilter.matches(&bytes)
                    || !format.is_read(&bytes) =>
            {
                (self.visit)(Visit::Unlikely(path.to_owned(), shown, bytes));
            }
            Ok(bytes) if prefilter::is_utf16(&bytes) => {
                let message = "this is UTF-16: save it as UTF-8; the file was left as it is";
                (self.visit)(Visit::Error(WalkError::new(name, message)));
            }
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => (self.visit)(Visit::File(path.to_owned(), Source::new(shown, text))),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let valid = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
                    let place = Some(Source::new(shown, valid).position(at));
                    let message = "this is not UTF-8: save it as UTF-8; the file was left as it is";
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

/// Whether a path that stays below the current folder by its name does not, because a folder on the way is a link.
fn leads_out(path: &Path) -> bool {
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let here = Path::new(".").canonicalize();
    is_below && here.is_ok_and(|here| path.canonicalize().is_ok_and(|path| !path.starts_with(here)))
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
        io::ErrorKind::PermissionDenied => "permission to read it is denied".to_owned(),
        _ => said(error),
    }
}
