//! The forms of the report for machines: each is read back by a reader that knows the form and not the program.

#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const HERE: [&str; 4] = ["--account", "111122223333", "--region", "eu-central-1"];

/// A git repository in a folder of its own.
struct Repo {
    folder: TempDir,
}

impl Repo {
    fn with<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Self {
        let repo = Repo { folder: tempfile::Builder::new().prefix("ecrewrite-reports-").tempdir().unwrap() };
        repo.git(&["init", "--quiet"]);
        files.iter().for_each(|(path, bytes)| repo.write(path, bytes));
        repo
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.path(path)).unwrap()).unwrap()
    }

    fn git(&self, args: &[&str]) {
        let output = Command::new("git").args(args).current_dir(self.folder.path()).output().expect("git starts");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The program, in a folder of the repository, with account and region and nothing of the user's environment.
    fn run_in(&self, folder: impl AsRef<Path>, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if ["AWS_", "ECREWRITE_", "CLICOLOR", "NO_COLOR", "GITHUB_"].iter().any(|start| shown.starts_with(start)) {
                command.env_remove(&name);
            }
        }
        command.args(args).current_dir(self.folder.path().join(folder)).stdin(Stdio::null());
        command.env("HOME", self.path("home"));
        let output = command.output().expect("the program starts");
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("reports are UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("errors are UTF-8"),
        }
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_in("", &[args, &HERE].concat())
    }

    /// A report whose form is JSON, of `check`.
    fn json(&self, format: &str, args: &[&str]) -> Value {
        let run = self.run(&[&["check", "--format", format], args].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run:?}"))
    }
}

/// What a run gave.
#[derive(Debug, PartialEq)]
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }
}

/// A pod of Kubernetes, whose image stands on line 5 from column 14 on.
fn pod(image: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {image}\n")
}

// JSON.

#[test]
fn the_rules_in_use_are_named_with_their_registries() {
    let config = "region: eu-west-1\nrules:\n  quay.io/prometheus: prom\n  ghcr.io: github\n\
                  overrides:\n  - paths: [production/]\n    account: \"444455556666\"\n";
    let repo = Repo::with(&[
        ("ecrewrite.yaml", config.to_owned()),
        ("a.yaml", pod("nginx:1")),
        ("b.yaml", pod("quay.io/prometheus/node-exporter:v1")),
        ("production/a.yaml", pod("nginx:1")),
        ("production/b.yaml", pod("mine:1")),
    ]);
    let run = repo.run_in("", &["check", "--format", "json"]).exits(1);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let west = json!({ "region": "eu-west-1" });
    let expected = json!([
        { "prefix": "ecr-public", "upstream": "public.ecr.aws", "registry": west },
        { "prefix": "ecr-public", "upstream": "public.ecr.aws",
          "registry": { "account": "444455556666", "region": "eu-west-1" } },
        { "prefix": "prom", "upstream": "quay.io", "upstream_prefix": "prometheus", "registry": west },
    ]);
    assert_eq!(report["rules"], expected, "those that no finding goes through are not there");

    // What is cached goes through its rule too; what a baseline accepts is no finding any longer.
    repo.write(".git/baseline.json", &run.stdout);
    let run = repo.run_in("", &["check", "--format", "json", "--baseline", ".git/baseline.json"]).exits(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["rules"], json!([]));
    repo.run(&["rewrite"]).exits(0);
    let report: Value = repo.json("json", &[]);
    assert_eq!(report["summary"]["cached"], 3);
    let prefixes: Vec<&Value> = report["rules"].as_array().unwrap().iter().map(|rule| &rule["prefix"]).collect();
    assert_eq!(prefixes, ["ecr-public", "prom"]);
}
