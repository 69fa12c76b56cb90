//! What tests of the program share: a repository in a folder of its own, and runs in it with a clean environment.

#![allow(dead_code, reason = "each test takes what it needs")]

#[cfg(unix)]
pub(crate) mod unix;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) mod page;

pub(crate) const HOST: &str = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
pub(crate) const HERE: [&str; 4] = ["--account", "111122223333", "--region", "eu-central-1"];

/// A git repository in a folder of its own.
pub(crate) struct Repo {
    pub(crate) folder: TempDir,
}

impl Repo {
    pub(crate) fn with<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Self {
        let repo = Repo { folder: tempfile::Builder::new().prefix("ecrewrite-cli-").tempdir().unwrap() };
        repo.git(&["init", "--quiet"]);
        files.iter().for_each(|(path, bytes)| repo.write(path, bytes));
        repo
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.path(path)).unwrap()).unwrap()
    }

    /// Every file outside `.git`, with its bytes, sorted.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() && entry.file_name() != ".git" => folders.push(entry.path()),
                    kind if kind.is_file() => files.push((entry.path(), fs::read(entry.path()).unwrap())),
                    _ => {}
                }
            }
        }
        files.sort();
        files
    }

    pub(crate) fn git(&self, args: &[&str]) {
        let output = Command::new("git").args(args).current_dir(self.folder.path()).output().expect("git starts");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The program, in the repository, with nothing of the user's in its environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if ["AWS_", "ECREWRITE_", "CLICOLOR", "NO_COLOR"].iter().any(|start| shown.starts_with(start)) {
                command.env_remove(&name);
            }
        }
        command.args(args).current_dir(self.folder.path()).env("HOME", self.path("home")).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args))
    }

    /// The same, with account and region.
    pub(crate) fn run_here(&self, args: &[&str]) -> Run {
        self.run(&[args, &HERE].concat())
    }

    pub(crate) fn run_in(&self, folder: &str, args: &[&str]) -> Run {
        let mut command = self.command(args);
        command.current_dir(self.path(folder));
        Run::of(command)
    }

    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Run {
        let mut command = self.command(args);
        command.envs(variables.iter().copied());
        Run::of(command)
    }

    pub(crate) fn run_on(&self, stdin: impl AsRef<[u8]>, args: &[&str]) -> Run {
        let mut command = self.command(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // A run that fails early does not read it.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_ref());
        Run::from(child.wait_with_output().unwrap())
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let run = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run:?}"))
    }
}

/// What a run gave.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(mut command: Command) -> Self {
        Run::from(command.output().expect("the program starts"))
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "`{part}` is not in stdout\n{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says_not(self, part: &str) -> Self {
        assert!(!self.stdout.contains(part), "`{part}` is in stdout\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// How many references the report shows with what they become.
    #[track_caller]
    pub(crate) fn rewrites(self, count: usize) -> Self {
        let shown = self.stdout.lines().filter(|line| line.trim_start().starts_with("-> ")).count();
        assert_eq!(shown, count, "rewrites\n{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn complains(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "`{part}` is not in stderr\n{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn complains_not(self) -> Self {
        assert_eq!(self.stderr, "", "nothing is wrong here");
        self
    }
}

impl From<std::process::Output> for Run {
    fn from(output: std::process::Output) -> Self {
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

/// A task definition with one container.
pub(crate) fn task(image: &str) -> String {
    format!(
        "{{\n  \"family\": \"web\",\n  \"containerDefinitions\": [\n    {{ \"name\": \"web\", \"image\": \"{image}\" }}\n  ]\n}}\n"
    )
}

/// A manifest with one container.
pub(crate) fn pod(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web # the only one\n      image: {image}\n"
    )
}

/// Where an image of ECR Public goes.
pub(crate) fn cached(rest: &str) -> String {
    format!("{HOST}/ecr-public/{rest}")
}

pub(crate) fn nginx() -> String {
    cached("docker/library/nginx:1.27")
}
