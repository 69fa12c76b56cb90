//! A CDK cloud assembly as one unit.
//!
//! The deploy tool knows a template by its hash: it asks only whether the hash was uploaded before, never whether the
//! bytes are the same. A template that is changed therefore gets a new hash, in its assets, in the manifest, and in the
//! parent of a nested stack, which changes that parent's hash in turn.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::content;
use crate::source::display;
use crate::system::said;

/// Files of an assembly that changed: their path and new text.
pub type Changes = BTreeMap<PathBuf, String>;

/// Why an assembly cannot be changed as a whole.
#[derive(Debug)]
pub enum AssemblyError {
    /// A file of it cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// A file of it is not JSON.
    Invalid(PathBuf, serde_json::Error),
    /// Two different templates go by one hash.
    Ambiguous(String),
    /// Templates that hold each other's hash.
    Circular,
}

impl fmt::Display for AssemblyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AssemblyError::Unreadable(path, error) => write!(f, "{} cannot be read: {}", display(path), said(error)),
            AssemblyError::Invalid(path, error) => write!(f, "{} is not JSON: {error}", display(path)),
            AssemblyError::Ambiguous(hash) => write!(f, "the hash {hash} stands for templates that now differ"),
            AssemblyError::Circular => f.write_str("templates hold each other's hash"),
        }
    }
}

impl std::error::Error for AssemblyError {}

/// What folders have to do with cloud assemblies: asked for every file that changes, and looked up once for each folder.
#[derive(Debug, Default)]
pub struct Folders(Mutex<HashMap<PathBuf, Arc<Folder>>>);

/// What a folder has to do with cloud assemblies.
#[derive(Debug)]
struct Folder {
    /// The whole path, without links.
    path: PathBuf,
    /// The outermost of the adjoining folders above, and itself, that are assemblies: stages are assemblies within an
    /// assembly.
    root: Option<PathBuf>,
    /// Whether it is, or is in, something that CDK copied into an assembly under the hash of its content.
    is_staged: bool,
}

/// What a file has to do with cloud assemblies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Alone,
    /// It belongs to the assembly in this folder. With it the file itself; both paths are whole ones without links.
    PartOf(PathBuf, PathBuf),
    /// CDK copied it, or a folder above it, into an assembly under the hash of its content.
    Staged,
}

impl Folders {
    /// What a file has to do with cloud assemblies. A file that is not there has nothing to do with them.
    pub fn standing(&self, file: &Path) -> Standing {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Standing::Alone };
        let Some(folder) = self.folder(folder) else { return Standing::Alone };
        match &folder.root {
            _ if folder.is_staged => Standing::Staged,
            Some(_) if is_asset(name) && is_assembly(&folder.path) => Standing::Staged,
            Some(root) => Standing::PartOf(root.clone(), folder.path.join(name)),
            None => Standing::Alone,
        }
    }

    fn folder(&self, folder: &Path) -> Option<Arc<Folder>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = known().get(folder) {
            return Some(Arc::clone(folder));
        }
        let path = if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.canonicalize().ok()?;
        let root = path.ancestors().take_while(|folder| is_assembly(folder)).last().map(Path::to_owned);
        let is_copy = |part: &Path| part.file_name().is_some_and(is_asset) && part.parent().is_some_and(is_assembly);
        let is_staged = path.ancestors().any(is_copy);
        let found = Arc::new(Folder { path, root, is_staged });
        known().insert(folder.to_owned(), Arc::clone(&found));
        Some(found)
    }
}

fn is_asset(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("asset.")
}

/// The settings of a CDK app.
pub const APP: &str = "cdk.json";

/// The folder that the settings of an app name for its assembly.
pub fn output_of(app: &Path) -> Option<PathBuf> {
    let text = content::text(app).ok()?;
    let settings = serde_json::from_str::<Value>(&text).ok()?;
    Some(app.parent()?.join(settings["output"].as_str()?))
}

/// Whether a folder is a cloud assembly.
pub fn is_assembly(folder: &Path) -> bool {
    let Ok(text) = content::text(&folder.join("manifest.json")) else { return false };
    serde_json::from_str::<Value>(&text).is_ok_and(|manifest| manifest["artifacts"].is_object())
}

/// A file of an assembly: what it was when it was read, and what it becomes.
#[derive(Debug)]
pub struct Changed {
    /// What it was.
    pub old: String,
    /// What it becomes.
    pub new: String,
}

/// Everything that changes in an assembly when these templates do: the templates, and each file that holds their hashes.
///
/// # Errors
///
/// [`AssemblyError`] if the assembly cannot be changed as a whole.
pub fn rehash(root: &Path, templates: &Changes) -> Result<BTreeMap<PathBuf, Changed>, AssemblyError> {
    let mut texts = files(root)?;
    let hashes = template_hashes(&texts)?;
    let mut olds: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (path, text) in templates {
        let old = match texts.insert(path.clone(), text.clone()) {
            Some(old) => old,
            // Its name is not that of a file which may hold hashes.
            None => read(path)?,
        };
        olds.insert(path.clone(), old);
    }
    let mut pending: BTreeSet<PathBuf> = templates.keys().filter(|path| hashes.contains_key(*path)).cloned().collect();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    while !pending.is_empty() {
        // A template whose text holds the hash of none that is still to change has its final text.
        let is_final = |path: &&PathBuf| {
            pending.iter().filter(|other| other != path).all(|other| !texts[*path].contains(&hashes[other]))
        };
        let path = pending.iter().find(is_final).cloned().ok_or(AssemblyError::Circular)?;
        pending.remove(&path);
        let (old, new) = (&hashes[&path], sha256(&texts[&path]));
        if renamed.insert(old.clone(), new.clone()).is_some_and(|earlier| earlier != new) {
            return Err(AssemblyError::Ambiguous(old.clone()));
        }
        for (other, text) in texts.iter_mut().filter(|(other, text)| **other != path && text.contains(old.as_str())) {
            let replaced = text.replace(old.as_str(), &new);
            let before = std::mem::replace(text, replaced);
            olds.entry(other.clone()).or_insert(before);
            if hashes.contains_key(other) {
                pending.insert(other.clone());
            }
        }
    }
    // Whoever shares a hash with a template that changed must have changed in the same way.
    for (path, hash) in &hashes {
        if renamed.get(hash).is_some_and(|new| *new != sha256(&texts[path])) {
            return Err(AssemblyError::Ambiguous(hash.clone()));
        }
    }
    let files = olds.into_iter().filter_map(|(path, old)| texts.remove(&path).map(|new| (path, Changed { old, new })));
    Ok(files.collect())
}

/// The hash as file names and object keys write it.
fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The JSON and YAML files of an assembly and of its stages. Staged assets (`asset.…`) have hashes of their own, and `tree.json` is
/// for display only.
fn files(root: &Path) -> Result<BTreeMap<PathBuf, String>, AssemblyError> {
    let is_part = |entry: &walkdir::DirEntry| !entry.file_name().to_string_lossy().starts_with("asset.");
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).into_iter().filter_entry(is_part) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_owned();
            AssemblyError::Unreadable(path, error.into())
        })?;
        let name = entry.file_name().to_string_lossy();
        // The buildspecs of a pipeline select assets by their hashes.
        let is_text = [".json", ".yaml", ".yml"].iter().any(|end| name.ends_with(end));
        if entry.file_type().is_file() && is_text && name != "tree.json" {
            files.insert(entry.path().to_owned(), read(entry.path())?);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String, AssemblyError> {
    std::fs::read_to_string(path).map_err(|error| AssemblyError::Unreadable(path.to_owned(), error))
}

/// The hash that each template goes by, from the assets files beside them.
fn template_hashes(texts: &BTreeMap<PathBuf, String>) -> Result<BTreeMap<PathBuf, String>, AssemblyError> {
    let mut hashes = BTreeMap::new();
    for (path, text) in texts.iter().filter(|(path, _)| path.to_string_lossy().ends_with(".assets.json")) {
        let assets: Value = serde_json::from_str(text).map_err(|error| AssemblyError::Invalid(path.clone(), error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for (hash, asset) in assets["files"].as_object().into_iter().flatten() {
            let Some(file) = asset["source"]["path"].as_str() else { continue };
            let template = folder.join(file);
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_hash && texts.contains_key(&template) {
                hashes.insert(template, hash.clone());
            }
        }
    }
    Ok(hashes)
}
