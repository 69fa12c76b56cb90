//! `doctor`, over small repositories: `testdata/doctor/<case>`, and `testdata/cdk-source/doctor/<case>` for that feature.
//!
//! A case is a folder with the files of a repository in `repo`, and `expected`: one line for each diagnosis, sorted,
//! `ID FILE[:LINE]`, with the detail behind it if it matters. No line at all: the doctor is silent, and nothing is
//! printed. `args` has more arguments, one a line.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn cases() -> Vec<PathBuf> {
    let mut cases = in_folder("testdata/doctor");
    if cfg!(feature = "cdk-source") {
        cases.append(&mut in_folder("testdata/cdk-source/doctor"));
    }
    cases
}

fn in_folder(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn doctor(case: &Path, more: &[&str]) -> (String, Option<i32>) {
    let args = fs::read_to_string(case.join("args")).unwrap_or_default();
    let output = Command::new(env!("CARGO_BIN_EXE_ecrewrite"))
        .current_dir(case.join("repo"))
        .args(["doctor", "--account", "111122223333"])
        .args(if args.contains("--region") { &[][..] } else { &["--region", "us-east-1"] })
        .args(args.lines())
        .args(more)
        .env_remove("AWS_REGION")
        .env_remove("AWS_DEFAULT_REGION")
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", case.display());
    (String::from_utf8(output.stdout).expect("it is UTF-8"), output.status.code())
}

/// The diagnoses as a case expects them, and the detail of each.
fn found(json: &str) -> Vec<(String, String)> {
    let json: Value = serde_json::from_str(json).expect("it is JSON");
    let mut found: Vec<(String, String)> = json["diagnoses"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|diagnosis| {
            let line = diagnosis["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
            let text = |key: &str| diagnosis[key].as_str().unwrap_or_default().to_owned();
            (format!("{} {}{line}", text("id"), text("file")), text("detail"))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_case() {
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(!cases.is_empty());
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected = fs::read_to_string(case.join("expected")).unwrap();
        let (json, _) = doctor(case, &["--format", "json"]);
        let found = found(&json);
        let mut lines = expected.lines();
        for (line, detail) in &found {
            let wanted = lines.next().unwrap_or("nothing");
            if wanted != line && wanted != format!("{line} {detail}") {
                wrong.push(format!("{name}: found `{line} {detail}`, wanted `{wanted}`"));
            }
        }
        wrong.extend(lines.map(|line| format!("{name}: `{line}` is not found")));
        let (text, code) = doctor(case, &[]);
        if found.is_empty() != text.is_empty() {
            wrong.push(format!("{name}: the text does not say what the JSON says: {text}"));
        }
        let has_problem = text.contains("problem: ");
        if code != Some(i32::from(has_problem)) {
            wrong.push(format!("{name}: exit code {code:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_check_has_a_case() {
    let cases = [in_folder("testdata/doctor"), in_folder("testdata/cdk-source/doctor")].concat();
    let expected: String = cases.iter().map(|case| fs::read_to_string(case.join("expected")).unwrap() + "\n").collect();
    let is_seen = |id: &str| expected.lines().any(|line| line.split(' ').next() == Some(id));
    let missing: Vec<&str> =
        ecrewrite::doctor::Check::ALL.iter().map(|check| check.id()).filter(|id| !is_seen(id)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
