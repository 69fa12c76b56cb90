//! What `README.md` and `CONTRIBUTING.md` say is so: outputs, reasons, keys, dependencies.
//!
//! A block of the README that begins with ```` ```console ```` holds commands (`$ ecrewrite …`) and what they print. Each
//! block runs in a fresh copy of `testdata/repo`, its commands one after the other, and must print just that. A line `…`
//! stands for any number of lines.
#![cfg(feature = "cli")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::page::{self, blocks, commands, matches};
use ecrewrite::Reason;
use ecrewrite::config::Config;
use ecrewrite::doctor::Check;

#[test]
fn the_outputs_are_those_of_the_program() {
    let readme = read("README.md");
    let mut verbs = BTreeSet::new();
    for (index, block) in blocks(&readme, "console").iter().enumerate() {
        let folder = copy_of_repo(&format!("readme-{index}"));
        for (command, expected) in commands(block, "$ ecrewrite ") {
            let arguments: Vec<&str> = command.split_whitespace().collect();
            let printed = run(&folder, &arguments);
            let lines: Vec<&str> = printed.lines().collect();
            assert!(
                matches(&expected, &lines),
                "README.md: `ecrewrite {command}` now prints\n\n{printed}\nand not\n\n{}\n",
                expected.join("\n")
            );
            verbs.extend(arguments.first().map(|verb| (*verb).to_owned()));
        }
    }
    assert_eq!(
        verbs.into_iter().collect::<Vec<_>>(),
        ["check", "config", "doctor", "emit", "explain", "init", "revert", "rewrite"]
    );
}

#[test]
fn the_first_diff_is_part_of_the_whole_one() {
    let readme = read("README.md");
    let printed = run(&copy_of_repo("readme-diff"), &["rewrite", "--diff", "testdata/repo"]);
    let printed: Vec<&str> = printed.lines().collect();
    let diffs = blocks(&readme, "diff");
    assert!(!diffs.is_empty());
    for diff in diffs {
        let is_part = printed.windows(diff.len()).any(|lines| lines == diff);
        assert!(is_part, "README.md: `rewrite --diff` does not print\n\n{}", diff.join("\n"));
    }
}

#[test]
fn every_reason_is_in_the_table_and_no_other() {
    let ids: Vec<&str> = Reason::ALL.iter().map(|reason| reason.id()).collect();
    assert_eq!(table(&section(&read("README.md"), "## What stays, and why")), ids);
}

#[test]
fn every_check_of_the_doctor_is_in_the_table_and_no_other() {
    let ids: Vec<&str> = Check::ALL.iter().map(|check| check.id()).collect();
    assert_eq!(table(&section(&read("README.md"), "## What doctor looks at")), ids);
}

#[test]
fn every_key_of_the_configuration_is_in_the_table_and_no_other() {
    let unknown = Config::parse("no_such_key: 1\n", Path::new("ecrewrite.yaml")).unwrap_err();
    let help = unknown.help.unwrap_or_default();
    let keys: Vec<&str> = help.strip_prefix("the keys are ").expect("the help names the keys").split(", ").collect();
    let section = section(&read("README.md"), "## Configuration");
    assert_eq!(table(&section), keys);

    let example = blocks(&section, "yaml").concat();
    let in_example: Vec<&str> = example.iter().filter_map(|line| key(line)).collect();
    assert_eq!(in_example, keys, "the example has every key");
    if let Err(error) = Config::parse(&example.join("\n"), Path::new("README.md")) {
        panic!("the example is no configuration: {error}");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifests = ["Cargo.toml", "bindings/npm/Cargo.toml", "bindings/python/Cargo.toml"].map(read);
    let mut dependencies = BTreeSet::new();
    let mut of_dependencies = false;
    for line in manifests.iter().flat_map(|manifest| manifest.lines()) {
        if line.starts_with('[') {
            of_dependencies = matches!(line, "[dependencies]" | "[dev-dependencies]" | "[build-dependencies]")
                || line.starts_with("[target.") && line.ends_with(".dependencies]");
            assert!(
                of_dependencies || !line.contains("dependencies.") && !line.contains(".dependencies"),
                "{line}: not read by this test"
            );
        } else if let Some((name, _)) = line.split_once('=').filter(|_| of_dependencies && !line.starts_with('#')) {
            dependencies.insert(name.trim().to_owned());
        }
    }
    dependencies.remove("ecrewrite");
    let section = section(&read("CONTRIBUTING.md"), "## Dependencies");
    let mut named = table(&section);
    named.sort_unstable();
    assert_eq!(named, Vec::from_iter(&dependencies));
}

/// The page's commands run one after the other in one copy of `testdata/repo`.
#[test]
fn the_page_on_one_repository_goes_there_and_back() {
    goes_through("docs/one-repository.md", "console", "testdata/repo");
}

/// Those about the source of an app need a program that reads it.
#[cfg(feature = "cdk-source")]
#[test]
fn the_page_on_one_repository_goes_there_and_back_with_the_source_of_an_app() {
    goes_through("docs/one-repository.md", "console cdk-source", "docs/cdk-typescript-fargate-isolated/before");
}

/// Runs the commands of a page in a work tree of git that holds a copy of a folder.
fn goes_through(page: &str, begin: &str, of: &str) {
    let around = tempfile::tempdir().unwrap();
    let folder = around.path().join("shop");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(of), &folder);
    let git = |arguments: &[&str]| -> String {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false"];
        let done = Command::new("git").args(identity).args(arguments).current_dir(&folder).output().unwrap();
        assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "before"]);
    let text = read(page);
    let shown = blocks(&text, begin);
    assert!(!shown.is_empty(), "{page} shows nothing");
    for (command, expected) in shown.iter().flat_map(|block| commands(block, "$ ")) {
        let arguments = page::arguments(command);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let printed = match arguments[0] {
            "git" => git(&arguments[1..]),
            "ecrewrite" => run(&folder, &arguments[1..]),
            other => panic!("{other}: not run by this test"),
        };
        let lines: Vec<&str> = printed.lines().collect();
        assert!(matches(&expected, &lines), "{page}: `{command}` now prints\n\n{printed}");
    }
}

fn read(name: &str) -> String {
    page::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
}

/// The text from a heading to the next of its level.
fn section(text: &str, heading: &str) -> String {
    let level = format!("{} ", heading.split(' ').next().unwrap_or_default());
    let lines = text.lines().skip_while(|line| *line != heading);
    let section: Vec<&str> = lines
        .enumerate()
        .take_while(|(at, line)| *at == 0 || !line.starts_with(&level))
        .map(|(_, line)| line)
        .collect();
    assert!(!section.is_empty(), "there is no heading `{heading}`");
    section.join("\n")
}

/// What the first column of the tables holds, in their rows that begin with code.
fn table(section: &str) -> Vec<&str> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split_once("` |")).map(|(first, _)| first).collect()
}

/// The key that a line of YAML begins with, if it is one of the outermost mapping.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then_some(key)
}

/// A folder that holds a copy of `testdata/repo` at the same path, and is the root of a repository.
fn copy_of_repo(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.join(".git")).unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/repo"), &folder.join("testdata/repo"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// What the program prints, in a folder and without settings from the environment.
fn run(folder: &Path, arguments: &[&str]) -> String {
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
    String::from_utf8(output.stdout).unwrap()
}
