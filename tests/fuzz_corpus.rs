//! Runs the inputs of `fuzz/corpus` through what the fuzz targets check; `fuzz/README.md` says how they come about.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use ecrewrite::{Format, SiteKind};

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is the library of the fuzz targets as well")]
mod properties;

use properties::{Given, NAMES, TARGETS, header};

/// How large the corpus may grow.
const FILES_MAX: usize = 300;
const BYTES_MAX: u64 = 300 * 1024;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = list.map(|entry| entry.expect("a folder's entry").path()).collect();
    paths.sort();
    paths
}

/// Runs a target over inputs, and names each that does not hold.
fn failing(run: fn(&[u8]), files: &[PathBuf]) -> Vec<String> {
    let fails = |file: &&PathBuf| {
        let bytes = fs::read(file).expect("an input is readable");
        catch_unwind(AssertUnwindSafe(|| run(&bytes))).is_err()
    };
    files.iter().filter(fails).map(|file| file.display().to_string()).collect()
}

#[test]
fn the_corpus_holds() {
    let mut wrong = Vec::new();
    for (name, run) in TARGETS {
        let files = entries(&corpus().join(name));
        assert!(files.len() >= 2, "{name} has {} inputs", files.len());
        wrong.extend(failing(*run, &files));
    }
    assert!(wrong.is_empty(), "these do not hold:\n{}", wrong.join("\n"));
}

#[test]
fn the_corpus_is_small_and_of_the_targets() {
    let folders: BTreeSet<String> =
        entries(&corpus()).iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into()).collect();
    // What a build without the feature has no target for.
    let of_features = ["program".to_owned()];
    assert_eq!(folders, TARGETS.iter().map(|(name, _)| (*name).to_owned()).chain(of_features).collect());
    let files: Vec<PathBuf> = entries(&corpus()).iter().flat_map(|folder| entries(folder)).collect();
    let bytes: u64 = files.iter().map(|file| fs::metadata(file).expect("it is there").len()).sum();
    assert!(files.len() <= FILES_MAX && bytes <= BYTES_MAX, "{} files of {bytes} bytes", files.len());
}

#[test]
fn each_target_is_built() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("it has a manifest");
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name} is not in the manifest");
        let target = fs::read_to_string(root.join(format!("targets/{name}.rs"))).expect("it is there");
        assert!(target.contains(&format!("ecrewrite_fuzz::{name}(bytes)")), "{name} runs something else");
    }
}

#[test]
fn each_name_has_a_format_and_each_format_a_name() {
    let of_names: Vec<Format> =
        NAMES.iter().map(|name| Format::of_path(name).unwrap_or_else(|| panic!("{name} has no format"))).collect();
    for kind in SiteKind::all() {
        let by_name = !matches!(
            kind,
            SiteKind::Ecs
                | SiteKind::Kubernetes
                | SiteKind::Terraform
                | SiteKind::Helm
                | SiteKind::Cdk
                | SiteKind::Other
        );
        let has_name = of_names.iter().any(|format| matches!(format, Format::Named(found, _) if *found == kind));
        assert_eq!(has_name, by_name, "{}", kind.id());
    }
    // Every letter that chooses a name is one that can be seen.
    for name in NAMES {
        let header = header(name, &Given::default()).expect("a name of the list has a letter");
        assert!(header.iter().all(u8::is_ascii_graphic), "{name}: {header:?}");
    }
}

/// The files of `testdata` are where fuzzing begins: they hold too, with and without what a user may ask for.
#[test]
fn the_seeds_hold() {
    let count = seeds_hold("testdata", "rewrite", header);
    assert!(count > 500, "only {count} files were run");
}

#[cfg(feature = "cdk-source")]
#[test]
fn the_seeds_of_programs_hold() {
    let count = seeds_hold("testdata/cdk-source", "program", properties::program_header);
    assert!(count > 70, "only {count} files were run");
    for name in properties::PROGRAMS {
        let header = properties::program_header(name, &Given::default()).expect("a name of the list has a letter");
        assert!(header.iter().all(u8::is_ascii_graphic), "{name}: {header:?}");
    }
}

/// Runs the cases of a folder through a target, and counts the runs.
fn seeds_hold(folder: &str, target: &str, header: fn(&str, &Given) -> Option<[u8; 2]>) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).expect("it is a target");
    let mut count = 0;
    for folder in ["rewrite", "reject", "revert"] {
        for case in entries(&root.join(folder)) {
            for file in entries(&case) {
                let own = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = fs::read_to_string(case.join("name")).map_or(own.clone(), |name| name.trim().to_owned());
                let bytes = fs::read(&file).expect("a case is readable");
                for is_asked in [false, true] {
                    let given = Given { is_unsafe: is_asked, all_kinds: is_asked, rules: is_asked, ..Given::default() };
                    let Some(header) = header(&name, &given).filter(|_| own.starts_with("in.")) else { continue };
                    let input = [&header[..], &bytes].concat();
                    let holds = catch_unwind(AssertUnwindSafe(|| run(&input)));
                    assert!(holds.is_ok(), "{} as {name}", file.display());
                    count += 1;
                }
            }
        }
    }
    count
}
