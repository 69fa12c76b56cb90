//! The worked examples of `docs`: what their pages show is what the program prints, and what their folders hold is what
//! comes of it.
//!
//! `docs/<name>/README.md` has blocks that begin with ```` ```console ````: commands (`$ ecrewrite …`) and what they
//! print. They run one after the other in one copy of `before`, which then is `after`, to the byte. Blocks that begin
//! with ```` ```console applied ```` run in a copy of `applied`, where what the page leaves to do by hand is done, or of
//! `after` if there is no such folder. Those with ```` ```console cdk-source ```` run in another copy of `before`, by a
//! program with that feature, and what they change is in `applied`. A line `…` stands for any number of lines.
#![cfg(feature = "cli")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::page::{arguments, blocks, commands, matches, read};

#[test]
fn the_pages_show_what_the_program_prints_and_leaves() {
    let mut wrong = Vec::new();
    for example in examples() {
        let name = example.file_name().unwrap().to_string_lossy().into_owned();
        let page = read(&example.join("README.md"));
        let work = copy_of(&example.join("before"), &format!("example-{name}"));
        let mut verbs = BTreeSet::new();
        for (command, expected) in blocks(&page, "console").iter().flat_map(|block| commands(block, "$ ecrewrite ")) {
            wrong.extend(difference(&name, &work, command, &expected));
            verbs.extend(command.split(' ').next());
        }
        for verb in ["doctor", "emit", "rewrite"] {
            assert!(verbs.contains(verb), "{name}: the page shows no `ecrewrite {verb}`");
        }
        let (left, after) = (files(&work), files(&example.join("after")));
        for path in left.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            if left.get(path) != after.get(path) {
                wrong.push(format!("{name}: after/{path} is not what the commands of the page leave"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What the source of an app becomes; more may be changed by hand.
#[cfg(feature = "cdk-source")]
#[test]
fn the_pages_show_what_becomes_of_programs() {
    let (mut wrong, mut changed) = (Vec::new(), 0);
    for example in examples() {
        let name = example.file_name().unwrap().to_string_lossy().into_owned();
        let page = read(&example.join("README.md"));
        let shown = blocks(&page, "console cdk-source");
        if shown.is_empty() {
            continue;
        }
        let work = copy_of(&example.join("before"), &format!("example-{name}-source"));
        for (command, expected) in shown.iter().flat_map(|block| commands(block, "$ ecrewrite ")) {
            wrong.extend(difference(&name, &work, command, &expected));
        }
        let (before, applied) = (files(&example.join("before")), files(&example.join("applied")));
        let lines = |files: &BTreeMap<String, Vec<u8>>, path: &str| -> Vec<String> {
            let text = files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            text.unwrap_or_default().lines().map(str::to_owned).collect()
        };
        let left = files(&work);
        for path in left.keys() {
            let (was, is, will_be) = (lines(&before, path), lines(&left, path), lines(&applied, path));
            for line in is.iter().filter(|line| !was.contains(line)) {
                changed += 1;
                if !will_be.contains(line) {
                    wrong.push(format!("{name}: applied/{path} lacks the line\n{line}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(changed > 0, "a page shows the source of an app");
}

#[test]
fn what_is_applied_has_no_problem() {
    let mut wrong = Vec::new();
    for example in examples() {
        let name = example.file_name().unwrap().to_string_lossy().into_owned();
        let page = read(&example.join("README.md"));
        let result = if example.join("applied").exists() { "applied" } else { "after" };
        let work = copy_of(&example.join(result), &format!("example-{name}-applied"));
        for (command, expected) in
            blocks(&page, "console applied").iter().flat_map(|block| commands(block, "$ ecrewrite "))
        {
            wrong.extend(difference(&name, &work, command, &expected));
        }
        let (printed, code) = run(&work, &["doctor".to_owned()]);
        if code != Some(0) {
            wrong.push(format!("{name}: {result} still has a problem\n{printed}"));
        }
        for id in printed.lines().filter_map(|line| line.strip_suffix(']')?.rsplit_once('[')) {
            if !page.contains(&format!("`{}`", id.1)) {
                wrong.push(format!("{name}: the page does not explain `{}`", id.1));
            }
        }
        let (printed, code) = run(&work, &["check".to_owned(), "--quiet".to_owned()]);
        if code != Some(0) {
            wrong.push(format!("{name}: in {result} something would still change\n{printed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_index_names_each_example() {
    let index = read(&docs().join("README.md"));
    for example in examples() {
        let link = format!("({}/README.md)", example.file_name().unwrap().to_string_lossy());
        assert!(index.contains(&link), "docs/README.md does not link to {link}");
    }
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir(docs()).unwrap().map(|entry| entry.unwrap().path());
    let mut examples: Vec<PathBuf> = entries.filter(|path| path.join("README.md").exists()).collect();
    examples.sort();
    assert!(!examples.is_empty());
    examples
}

/// What a command prints in a folder, if that is not as expected.
fn difference(name: &str, folder: &Path, command: &str, expected: &[&str]) -> Option<String> {
    let (printed, _) = run(folder, &arguments(command));
    let lines: Vec<&str> = printed.lines().collect();
    (!matches(expected, &lines))
        .then(|| format!("{name}: `ecrewrite {command}` now prints\n\n{printed}\nand not\n\n{}", expected.join("\n")))
}

/// A copy of a folder that is the root of a repository.
fn copy_of(folder: &Path, name: &str) -> PathBuf {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if work.exists() {
        fs::remove_dir_all(&work).unwrap();
    }
    fs::create_dir_all(work.join(".git")).unwrap();
    for (path, bytes) in files(folder) {
        let path = work.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    work
}

/// The files of a folder by their paths.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn add(found: &mut BTreeMap<String, Vec<u8>>, folder: &Path, prefix: &str) {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries.map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                add(found, &entry.path(), &format!("{name}/"));
            } else {
                found.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    add(&mut found, folder, "");
    found
}

/// What the program prints, in a folder and without settings from the environment, and its exit code.
fn run(folder: &Path, arguments: &[String]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let of_settings = name.to_string_lossy();
        if ["AWS_", "ECREWRITE_", "CLICOLOR"].iter().any(|start| of_settings.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.is_empty(), "`ecrewrite {}`: {errors}", arguments.join(" "));
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}
