//! What git says of files that are to be written. Nothing that a repository configures is run for it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ecrewrite::source::display;

/// Files with changes that git could not bring back.
#[derive(Debug, Default)]
pub(crate) struct Unstaged {
    pub(crate) files: HashSet<PathBuf>,
    /// Why it may not be all of them.
    pub(crate) notes: Vec<String>,
}

/// Which of these files git knows, and have changes that are not staged.
pub(crate) fn unstaged<'p>(paths: impl Iterator<Item = &'p Path>) -> Unstaged {
    let mut found = Unstaged::default();
    for (repository, files) in by_repository(paths) {
        match changed_in(&repository, &files) {
            Ok(changed) => {
                found.files.extend(changed.iter().filter_map(|path| files.get(path)).map(|path| (*path).to_owned()));
            }
            Err(Unknown::NoRepository) => {}
            Err(Unknown::NoGit) => {
                found.notes = vec![
                    "`git` was not found, so nobody knows which files have changes that are not staged; all are written"
                        .to_owned(),
                ];
                break;
            }
            Err(Unknown::Other(message)) => found.notes.push(format!(
                "git does not say which files have changes that are not staged, so all are written: {}: {message}",
                repository.shown()
            )),
        }
    }
    found
}

/// Where git is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Repository {
    /// The one that the environment names: so hooks are started, some of them with an index of their own.
    OfEnvironment,
    /// The one whose work tree begins at this folder.
    At(PathBuf),
}

/// Why git does not say it.
enum Unknown {
    NoGit,
    NoRepository,
    Other(String),
}

/// What of the environment belongs to one repository, as `git rev-parse --local-env-vars` lists it.
const OF_ONE_REPOSITORY: [&str; 15] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
];

impl Repository {
    fn shown(&self) -> String {
        match self {
            Repository::OfEnvironment => "the repository of the environment".to_owned(),
            Repository::At(top) => display(top),
        }
    }

    /// Git, with whatever a repository may want to run for it switched off.
    fn git(&self, settings: &[String], args: &[&str], files: &[&Path]) -> Result<Output, Unknown> {
        let mut command = Command::new("git");
        if let Repository::At(top) = self {
            for name in OF_ONE_REPOSITORY {
                command.env_remove(name);
            }
            command.arg("-C").arg(top);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
        command.args(["--literal-pathspecs", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"]);
        for setting in settings {
            command.args(["-c", setting]);
        }
        let output = command.args(args).args(files).stdin(Stdio::null()).output();
        output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unknown::NoGit,
            _ => Unknown::Other(error.to_string()),
        })
    }

    fn answer(&self, settings: &[String], args: &[&str], files: &[&Path]) -> Result<Vec<u8>, Unknown> {
        let output = self.git(settings, args, files)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        if ["not a git repository", "must be run in a work tree"].iter().any(|no| errors.contains(no)) {
            return Err(Unknown::NoRepository);
        }
        let first = errors.lines().next().unwrap_or_default().chars();
        Err(Unknown::Other(first.map(|c| if c.is_control() { ' ' } else { c }).collect()))
    }

    /// The folder at which the work tree begins.
    fn top(&self) -> Result<PathBuf, Unknown> {
        let mut answer = self.answer(&[], &["rev-parse", "--show-toplevel"], &[])?;
        while answer.last().is_some_and(|byte| b"\r\n".contains(byte)) {
            answer.pop();
        }
        let top = path_of(&answer).and_then(|top| top.canonicalize().ok());
        top.ok_or_else(|| Unknown::Other("its folder cannot be found".to_owned()))
    }

    /// Settings that switch off the filters that the repository itself brings along. What the user has set up stays.
    fn without_filters(&self) -> Result<Vec<String>, Unknown> {
        let pattern = r"^filter\..*\.(clean|process|required)$";
        let args = ["config", "--show-scope", "--includes", "--null", "--name-only", "--get-regexp", pattern];
        let output = self.git(&[], &args, &[])?;
        // Nothing was found.
        if output.status.code() == Some(1) {
            return Ok(Vec::new());
        }
        let odd = || Unknown::Other("its filters are not known".to_owned());
        let text = String::from_utf8(output.stdout).map_err(|_| odd())?;
        let mut words = text.split_terminator('\0');
        let mut settings = Vec::new();
        while let (Some(scope), Some(key)) = (words.next(), words.next()) {
            if !matches!(scope, "local" | "worktree") {
                continue;
            }
            // The name of a setting ends at the first sign of equality.
            if key.contains('=') {
                return Err(odd());
            }
            settings.push(if key.ends_with(".required") { format!("{key}=false") } else { format!("{key}=") });
        }
        if output.status.success() { Ok(settings) } else { Err(odd()) }
    }
}

/// Files by the repository that they are in, each under its whole path.
fn by_repository<'p>(paths: impl Iterator<Item = &'p Path>) -> BTreeMap<Repository, HashMap<PathBuf, &'p Path>> {
    let is_set = |name: &&str| std::env::var_os(name).is_some();
    let has_environment = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"].iter().any(is_set);
    let of_environment = has_environment.then(|| Repository::OfEnvironment.top().ok()).flatten();
    let mut known: HashMap<PathBuf, Option<(PathBuf, Repository)>> = HashMap::new();
    let mut all: BTreeMap<Repository, HashMap<PathBuf, &Path>> = BTreeMap::new();
    for path in paths {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let of_folder = known.entry(folder.to_owned()).or_insert_with(|| {
            let folder = folder.canonicalize().ok()?;
            let own = folder.ancestors().find(|above| above.join(".git").exists());
            let given = of_environment.as_deref().filter(|top| folder.starts_with(top));
            // The one further in.
            let repository = match (own, given) {
                (Some(own), Some(given)) if own.starts_with(given) && own != given => Repository::At(own.to_owned()),
                (_, Some(_)) => Repository::OfEnvironment,
                (Some(own), None) => Repository::At(own.to_owned()),
                (None, None) => return None,
            };
            Some((folder, repository))
        });
        if let (Some((folder, repository)), Some(name)) = (of_folder, path.file_name()) {
            all.entry(repository.clone()).or_default().insert(folder.join(name), path);
        }
    }
    all
}

/// As many bytes of names as every system takes on a command line.
const NAMES_MAX: usize = 16 << 10;

/// The files of a repository with changes that are not staged. Where few are asked for, git looks at no others.
fn changed_in(repository: &Repository, files: &HashMap<PathBuf, &Path>) -> Result<Vec<PathBuf>, Unknown> {
    let top = repository.top()?;
    let settings = repository.without_filters()?;
    let named = files.keys().map(|file| file.as_os_str().len() + 1).sum::<usize>() <= NAMES_MAX;
    let files: Vec<&Path> = files.keys().filter(|_| named).map(PathBuf::as_path).collect();
    let args =
        ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames", "--"];
    let answer = repository.answer(&settings, &args, &files)?;
    // Each is two letters, of the index and of the work tree, a space and the path.
    let entries = answer.split(|byte| *byte == 0).filter(|entry| entry.len() > 3 && entry[1] != b' ');
    Ok(entries.filter_map(|entry| Some(top.join(path_of(&entry[3..])?))).collect())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}
