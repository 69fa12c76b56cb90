//! What lies around files and may say something of them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::{Origin, Patterns, Prefilter, Visit, Walker, current, in_parallel};
use crate::schema::Format;
use crate::source::display;

/// Visits what lies around these files and may say something of them: the files in their folders and in the folders above,
/// up to the current one, and kustomizations beside the folder of a kustomization. The files themselves are left out.
pub fn walk_around(
    files: &[PathBuf],
    excludes: &Patterns,
    only: &Patterns,
    prefilter: &Prefilter,
    visit: &(dyn Fn(Visit) + Sync),
) {
    let known: HashSet<PathBuf> = files.iter().filter_map(|file| file.canonicalize().ok()).collect();
    let walker =
        Walker { folders: Vec::new(), overlap: true, seen: Mutex::new(known), excludes, only, prefilter, visit };
    let mut folders = BTreeSet::new();
    let of_format = files.iter().filter(|file| Format::of_path(&display(file)).is_some());
    of_format.for_each(|file| folders.extend(folders_of(file)));
    let mut found = Vec::new();
    for folder in &folders {
        found.extend(walker.files_in(folder, 1, |_| true));
    }
    let tops: BTreeSet<PathBuf> = folders.iter().filter_map(|folder| top_of_kustomizations(folder)).collect();
    for top in tops {
        found.extend(walker.files_in(&top, KUSTOMIZATION_DEPTH, is_kustomization));
    }
    in_parallel(&found, |file| walker.file(file, file, Origin::Found));
}

/// The folder of a file and those above it, up to the current one; of a whole path up to the root of its repository.
fn folders_of(file: &Path) -> Vec<&Path> {
    let above = file.ancestors().skip(1).map(current);
    if !file.has_root() {
        return above.collect();
    }
    let below = above.clone().take_while(|folder| !folder.join(".git").exists()).count();
    let all = above.clone().count();
    above.take(if below == all { 1 } else { below + 1 }).collect()
}

/// How far below the common folder of a base and its overlays kustomizations are looked for.
const KUSTOMIZATION_DEPTH: usize = 4;

fn is_kustomization(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter().any(|known| name == *known)
}

/// The folder in which a kustomization and those that build on it lie: the one above the highest of adjoining folders with
/// kustomizations.
fn top_of_kustomizations(folder: &Path) -> Option<PathBuf> {
    let has_one = |folder: &&Path| {
        ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter().any(|name| folder.join(name).is_file())
    };
    let highest = folder.ancestors().map(current).take_while(has_one).last()?;
    Some(highest.parent().map_or(highest, current).to_owned())
}
