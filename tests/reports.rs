//! The forms of the report for machines: each is read back by a reader that knows the form and not the program.

#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ecrewrite::report::{self, Detail, Format, Located, Report, Setting, Tense};
use ecrewrite::{OfficialRoute, Policy, Reason, Registry, Rewriter, Source};
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

// Annotations.

/// A command as the runner of GitHub reads it from a line, or `None` if it takes the line for text.
#[derive(Debug, PartialEq)]
struct Annotation {
    level: String,
    properties: BTreeMap<String, String>,
    message: String,
}

impl Annotation {
    fn parse(line: &str) -> Option<Self> {
        let line = line.trim_start().strip_prefix("::")?;
        let (command, data) = line.split_once("::")?;
        let (level, properties) = command.split_once(' ').unwrap_or((command, ""));
        let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
        let properties = properties.trim().split(',').filter_map(|pair| pair.split_once('='));
        let properties = properties.map(|(name, value)| {
            let value = unescape(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
            (name.to_owned(), value)
        });
        Some(Annotation {
            level: level.to_owned(),
            properties: properties.collect(),
            message: unescape(data).replace("%25", "%"),
        })
    }

    /// Every line of a report has to be one.
    #[track_caller]
    fn all(report: &str) -> Vec<Self> {
        let one = |line| Annotation::parse(line).unwrap_or_else(|| panic!("`{line}` is no annotation"));
        report.lines().map(one).collect()
    }

    fn property(&self, name: &str) -> &str {
        self.properties.get(name).map_or("", String::as_str)
    }
}

/// Names of files that would be something else if they were printed as they are.
const HOSTILE: [&str; 10] = [
    "a,b:c%.yaml",
    "%0A::error::x.yaml",
    "::error::x.yaml",
    "::error file=a,line=1::y/::warning::z.yaml",
    "##[error]x.yaml",
    "new\n::error::line.yaml",
    "return\r::error::x.yaml",
    "escape\u{1b}[31m\u{7}.yaml",
    "with space, ünï\u{202e}códe/日本.yaml",
    "quote\"back\\slash`|<b>&amp;.yaml",
];

fn hostile() -> Vec<(&'static str, String)> {
    HOSTILE.iter().map(|name| (*name, pod("nginx:1.27"))).collect()
}

/// A text as reports show it that cannot carry its control characters.
fn shown(text: &str) -> String {
    let shown = text.chars().map(|one| match one {
        '\u{1b}' | '\u{7}' | '\u{202e}' => format!("\\u{{{:x}}}", u32::from(one)),
        one => one.to_string(),
    });
    shown.collect()
}

#[test]
fn annotations_name_hostile_files_and_are_nothing_else() {
    let repo = Repo::with(&hostile());
    let run = repo.run(&["check", "--format", "github"]).exits(1);
    assert!(!run.stdout.chars().any(|one| one.is_control() && one != '\n'), "{:?}", run.stdout);
    let annotations = Annotation::all(&run.stdout);
    assert_eq!(annotations.len(), HOSTILE.len());
    let mut expected: Vec<String> = HOSTILE.iter().map(|name| shown(name)).collect();
    expected.sort();
    let mut files: Vec<&str> = annotations.iter().map(|one| one.property("file")).collect();
    files.sort_unstable();
    assert_eq!(files, expected);
    for annotation in &annotations {
        let place = ["line", "endLine", "col", "endColumn", "title"].map(|name| annotation.property(name));
        assert_eq!(place, ["5", "5", "14", "24", "ecrewrite (uncached)"]);
        assert_eq!(annotation.level, "warning");
        let cached = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
        assert_eq!(annotation.message, format!("nginx:1.27 → {cached}"));
    }
}

#[test]
fn paths_of_annotations_begin_at_the_root_of_the_repository() {
    let repo = Repo::with(&[("deploy/a.yaml", pod("nginx:1")), ("other/b.yaml", pod("nginx:1"))]);
    let files = |folder: &str, paths: &[&str]| {
        let args = [&["check", "--format", "github"], paths, &HERE].concat();
        let annotations = Annotation::all(&repo.run_in(folder, &args).stdout);
        annotations.iter().map(|one| one.property("file").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files("deploy", &["."]), ["deploy/a.yaml"]);
    assert_eq!(files("deploy", &["../other", "a.yaml"]), ["deploy/a.yaml", "other/b.yaml"]);
    let whole = repo.path("other").display().to_string();
    assert_eq!(files("deploy", &[&whole]), ["other/b.yaml"]);
}

#[test]
fn what_stays_is_a_notice_only_if_somebody_can_act() {
    let task = |image: &str| format!("{{\"containerDefinitions\": [{{\"name\": \"a\", \"image\": \"{image}\"}}]}}\n");
    let repo = Repo::with(&[
        ("built.yaml", pod("mine:1")),
        ("cached.yaml", pod("111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/a/b:1")),
        ("no-rule.yaml", pod("ghcr.io/a/b:1")),
        ("private.yaml", pod("999988887777.dkr.ecr.eu-central-1.amazonaws.com/a:1")),
        ("broken.json", "{\"image\": }\n".to_owned()),
        ("digest.json", task(&format!("redis:7@sha256:{}", "0".repeat(64)))),
    ]);
    let run = repo.run(&["check", "--format", "github"]).exits(2);
    let found: Vec<(String, String)> = Annotation::all(&run.stdout)
        .iter()
        .map(|one| (format!("{} {}", one.level, one.property("file")), one.property("title").to_owned()))
        .collect();
    let expected = [
        ("error broken.json", "ecrewrite"),
        ("warning digest.json", "ecrewrite (uncached)"),
        ("notice no-rule.yaml", "ecrewrite (no-rule)"),
    ];
    assert_eq!(found, expected.map(|(file, title)| (file.to_owned(), title.to_owned())));
    let annotations = Annotation::all(&run.stdout);
    assert_eq!(annotations[0].property("line"), "1");
    assert_eq!(annotations[0].message, "a value is expected here; the file was left as it is");
    assert!(annotations[1].message.ends_with(
        "\npinned by digest: the first pull through a cache fails until the image was pulled once by its tag"
    ));
    assert_eq!(annotations[2].message, "ghcr.io/a/b:1: no cache rule covers this registry; `--rule` adds one");

    // What is done is no matter of warning.
    let run = repo.run(&["rewrite", "--format", "github"]).exits(2);
    let levels: Vec<String> = Annotation::all(&run.stdout).into_iter().map(|one| one.level).collect();
    assert_eq!(levels, ["error", "notice"]);
}

#[test]
fn of_more_than_ten_annotations_the_last_one_counts_the_rest() {
    let files = |count: usize| -> Vec<(String, String)> {
        let names = |level: &'static str| (0..count).map(move |at| format!("{level}-{at:02}"));
        let warnings = names("warning").map(|name| (name + ".yaml", pod("nginx:1")));
        let notices = names("notice").map(|name| (name + ".yaml", pod("ghcr.io/a/b:1")));
        let errors = names("error").map(|name| (name + ".json", "{\"image\": }\n".to_owned()));
        warnings.chain(notices).chain(errors).collect()
    };
    let annotations = |count: usize| {
        let files = files(count);
        let files: Vec<(&str, &String)> = files.iter().map(|(name, text)| (name.as_str(), text)).collect();
        Annotation::all(&Repo::with(&files).run(&["check", "--format", "github"]).exits(2).stdout)
    };
    assert_eq!(annotations(10).len(), 30);
    let eleven = annotations(11);
    assert_eq!(eleven.len(), 30);
    for (at, (level, ending)) in [("error", "json"), ("warning", "yaml"), ("notice", "yaml")].into_iter().enumerate() {
        let of_level = &eleven[10 * at..][..10];
        assert!(of_level.iter().all(|one| one.level == level));
        let files: Vec<&str> = of_level[..9].iter().map(|one| one.property("file")).collect();
        assert_eq!(files, (0..9).map(|at| format!("{level}-{at:02}.{ending}")).collect::<Vec<_>>());
        assert_eq!(of_level[9].message, "… and 2 more: see the summary");
        assert_eq!(of_level[9].property("file"), "");
    }
}

#[test]
fn columns_are_given_within_one_line_only() {
    let repo = Repo::with(&[(
        "a.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: \"ghcr.io/\\\n        a/b:1\"\n",
    )]);
    let run = repo.run(&["check", "--format", "github"]);
    let annotations = Annotation::all(&run.stdout);
    let place = ["line", "endLine", "col", "endColumn"].map(|name| annotations[0].property(name));
    assert_eq!(place, ["5", "6", "", ""], "{run:?}");
}

#[test]
fn nothing_that_stands_in_files_is_a_command_on_standard_error() {
    let broken = |name: &str| (name.to_owned(), "image: [\n".to_owned());
    let mut files: Vec<(String, String)> = HOSTILE.iter().map(|name| broken(name)).collect();
    files.push((
        "##[add-mask]x/deploy.json".to_owned(),
        "{\"a\": \"\\u001b##[error]\", \"image\": ::error::x }\n".to_owned(),
    ));
    let files: Vec<(&str, &String)> = files.iter().map(|(name, text)| (name.as_str(), text)).collect();
    let repo = Repo::with(&files);
    let named: Vec<String> =
        std::iter::once("check".to_owned()).chain(HOSTILE.iter().map(|name| format!("./{name}"))).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).chain(["##[add-mask]x/deploy.json"]).collect();
    // The files that are read go before.
    let commands: Vec<String> = HOSTILE.iter().map(|name| format!("fine/{name}")).collect();
    commands.iter().for_each(|name| repo.write(name, pod("nginx:1") + "    - image: '##[error]x'\n"));
    let named: Vec<&str> = named.iter().copied().chain(["fine"]).collect();
    for format in ["github", "json", "sarif", "rdjson", "text", "markdown"] {
        let args = ["--format", format, "--color", "never"];
        let more: &[&str] = if format == "text" { &["--verbose"] } else { &[] };
        let run = repo.run(&[&named[..], &args, more].concat()).exits(2);
        assert_eq!(run.stderr.lines().count(), HOSTILE.len() + 1, "{}", run.stderr);
        for line in run.stderr.lines() {
            assert!(line.starts_with("error: "), "{line}");
            assert!(!line.contains("##[") && !line.contains(char::is_control), "{line:?}");
        }
        let printed = run.stdout.lines().filter(|line| format != "github" || Annotation::parse(line).is_none());
        for line in printed {
            assert!(!line.contains("##[") && !line.trim_start().starts_with("::"), "{format}: {line}");
        }
    }
    let run = repo.run_in("fine", &[&["check"], &HERE[..]].concat()).exits(1);
    assert!(run.stdout.contains("\n\\u{3a}:error::x.yaml\n"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| Annotation::parse(line).is_none()), "{}", run.stdout);
    // A message that ends the run is shown in the same way.
    let config = repo.path("ecrewrite.yaml");
    fs::write(config, "\"x\\n::error::y\": 1\n").unwrap();
    let run = repo.run(&["check"]).exits(2);
    assert!(run.stderr.contains("\n\\u{3a}:error::y"), "{}", run.stderr);
    assert!(run.stderr.lines().all(|line| Annotation::parse(line).is_none()), "{}", run.stderr);
}

// The cases of `testdata`, whose edits are known to the byte.

/// What a text is in a variant of a case.
type Variant = fn(String) -> String;

/// A case of `testdata/rewrite`: how `tests/cases.rs` says.
struct Case {
    shown: String,
    name: String,
    before: Vec<u8>,
    after: Vec<u8>,
    args: Vec<String>,
}

impl Case {
    /// Each case as it stands; and where its bytes are not the point, with CRLF and a byte order mark, and without a final
    /// newline.
    fn all() -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rewrite");
        let mut cases = Vec::new();
        for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()) {
            let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            let file_name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
            let find = |start: &str| files.iter().find(|path| file_name(path).starts_with(start));
            let (before, after) =
                (find("in.").expect("there is an in file"), find("out.").expect("there is an out file"));
            let name = text("name").map_or_else(|| file_name(before), |name| name.trim().to_owned());
            let mut args: Vec<String> = text("args").unwrap_or_default().lines().map(str::to_owned).collect();
            for (flag, value) in [("--account", "111122223333"), ("--region", "us-east-1")] {
                if !args.iter().any(|arg| arg == flag || arg.starts_with(&format!("{flag}="))) {
                    args.extend([flag.to_owned(), value.to_owned()]);
                }
            }
            let mut variants: Vec<(&str, Variant)> = vec![("", |text| text)];
            if text("variants").is_none() {
                variants
                    .push((", CRLF and a byte order mark", |text| format!("\u{feff}{}", text.replace('\n', "\r\n"))));
                variants.push((", no final newline", |text| text.strip_suffix('\n').unwrap().to_owned()));
            }
            let shown = file_name(&folder);
            for (variant, change) in variants {
                let read = |path: &Path| change(fs::read_to_string(path).unwrap()).into_bytes();
                let (before, after) = (read(before), read(after));
                let (shown, name, args) = (format!("{shown}{variant}"), name.clone(), args.clone());
                cases.push(Case { shown, name, before, after, args });
            }
        }
        assert!(cases.len() > 200, "the cases were not found");
        cases
    }

    fn place(&self) -> Repo {
        let repo = Repo { folder: tempfile::Builder::new().prefix("ecrewrite-reports-").tempdir().unwrap() };
        repo.write(&self.name, &self.before);
        repo
    }

    fn run(&self, repo: &Repo, args: &[&str]) -> Run {
        let own: Vec<&str> = self.args.iter().map(String::as_str).collect();
        repo.run_in("", &[args, &own].concat())
    }
}

/// Runs a check over cases on several threads, and fails with all that went wrong.
fn each(cases: &[Case], check: impl Fn(&Case) -> Result<(), String> + Sync) {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = check(case) {
                        failures.lock().unwrap().push(format!("{}: {error}", case.shown));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {}\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// An edit as a report says it: lines and columns from 1, the end exclusive.
type Edit = ((usize, usize), (usize, usize), String);

/// A text with edits made, which must not overlap. `width` says how far a character takes the column on, and whether a byte
/// order mark is one.
fn edited(text: &str, edits: &[Edit], width: fn(char) -> usize, skips_mark: bool) -> Result<String, String> {
    let offset = |(line, column): (usize, usize)| {
        let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let mark = if skips_mark && line == 1 && text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut at = 1;
        for (index, one) in text[start + mark..].char_indices() {
            if at >= column {
                return if at == column {
                    Ok(start + mark + index)
                } else {
                    Err(format!("{line}:{column} is within one"))
                };
            }
            at += width(one);
        }
        if at == column { Ok(text.len()) } else { Err(format!("{line}:{column} is not in the text")) }
    };
    let mut places = Vec::new();
    for (start, end, new) in edits {
        places.push((offset(*start)?, offset(*end)?, new));
    }
    places.sort();
    places.dedup();
    let (mut out, mut at) = (String::new(), 0);
    for (start, end, new) in places {
        out.push_str(text.get(at..start).ok_or("edits overlap")?);
        out.push_str(new);
        at = end;
    }
    Ok(out + &text[at..])
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))).unwrap()
}

/// One suggestion for each reference that would be rewritten: each has to stand alone.
fn edits_of_rdjson(report: &Value) -> Result<Vec<Edit>, String> {
    let warnings = report["diagnostics"].as_array().unwrap().iter().filter(|one| one["severity"] == "WARNING");
    let edit = |diagnostic: &Value| {
        let suggestions = diagnostic["suggestions"].as_array().filter(|all| all.len() == 1);
        let suggestion = &suggestions.ok_or_else(|| format!("not one suggestion: {diagnostic}"))?[0];
        let position = |name: &str| {
            let position = &suggestion["range"][name];
            (number(&position["line"]), number(&position["column"]))
        };
        Ok((position("start"), position("end"), suggestion["text"].as_str().unwrap().to_owned()))
    };
    warnings.map(edit).collect()
}

fn edits_of_sarif(log: &Value) -> Vec<Edit> {
    let results = log["runs"][0]["results"].as_array().unwrap();
    let fixes = results.iter().flat_map(|result| result["fixes"].as_array().into_iter().flatten());
    let changes = fixes.flat_map(|fix| fix["artifactChanges"].as_array().unwrap());
    changes.flat_map(|change| change["replacements"].as_array().unwrap()).map(edit_of_sarif).collect()
}

fn edit_of_sarif(replacement: &Value) -> Edit {
    let region = &replacement["deletedRegion"];
    let position = |line: &str, column: &str| (number(&region[line]), number(&region[column]));
    let new = replacement["insertedContent"]["text"].as_str().unwrap();
    (position("startLine", "startColumn"), position("endLine", "endColumn"), new.to_owned())
}

#[test]
fn fixes_suggestions_and_diff_are_the_rewrite_to_the_byte() {
    let apart = AtomicUsize::new(0);
    let cases = Case::all();
    each(&cases, |case| {
        let repo = case.place();
        let reports = TempDir::new().unwrap();
        let file = |name: &str| reports.path().join(name).to_str().unwrap().to_owned();
        let outputs = ["sarif", "rdjson", "diff"].map(|form| format!("{form}={}", file(form)));
        let args = outputs.iter().flat_map(|output| ["--output", output]);
        case.run(&repo, &["check", "--quiet"].into_iter().chain(args).collect::<Vec<_>>()).exits(1);
        let before = std::str::from_utf8(&case.before).unwrap();
        let is_after = |bytes: &[u8]| match bytes == case.after {
            true => Ok(()),
            false => Err(format!("it becomes\n{}", String::from_utf8_lossy(bytes))),
        };

        let sarif: Value = serde_json::from_slice(&fs::read(file("sarif")).unwrap()).unwrap();
        let after = edited(before, &edits_of_sarif(&sarif), |_| 1, true);
        after.and_then(|after| is_after(after.as_bytes())).map_err(|error| format!("sarif: {error}"))?;

        let rdjson: Value = serde_json::from_slice(&fs::read(file("rdjson")).unwrap()).unwrap();
        let edits = edits_of_rdjson(&rdjson)?;
        // Those that share a line which is added are for one at a time.
        let overlap = |one: &Edit, other: &Edit| one != other && one.0 <= other.1 && other.0 <= one.1;
        if edits.iter().enumerate().any(|(at, one)| edits[..at].iter().any(|other| overlap(one, other))) {
            for one in &edits {
                edited(before, std::slice::from_ref(one), char::len_utf8, false)?;
            }
        } else {
            apart.fetch_add(1, Ordering::Relaxed);
            let after = edited(before, &edits, char::len_utf8, false);
            after.and_then(|after| is_after(after.as_bytes())).map_err(|error| format!("rdjson: {error}"))?;
        }

        let git = ["apply", "--whitespace=nowarn", &file("diff")];
        let git = Command::new("git").args(git).current_dir(repo.path("")).output().expect("git starts");
        if !git.status.success() {
            return Err(format!("diff: {}", String::from_utf8_lossy(&git.stderr)));
        }
        is_after(&fs::read(repo.path(&case.name)).unwrap()).map_err(|error| format!("diff: {error}"))
    });
    let apart = apart.into_inner();
    assert!(apart * 10 > cases.len() * 9, "the suggestions of only {apart} of {} were compared", cases.len());
}

/// `git apply` of the diff gives what `rewrite` writes, for names that git puts into quotes too.
#[test]
fn git_applies_the_diff_of_hostile_names() {
    let mut files: Vec<(&str, String)> = hostile();
    let escape = "# \u{1b}[31m stays\nFROM nginx:1.27\n".to_owned();
    files.extend([
        ("tab\there.yaml", pod("nginx:1")),
        (" ends with spaces  /a.yaml ", pod("nginx:1")),
        ("2024-01-01 10:00:00/a.yaml", pod("nginx:1")),
        ("Dockerfile", escape),
    ]);
    let (patched, written) = (Repo::with(&files), Repo::with(&files));
    let also = ["--also", "dockerfile"];
    let printed = patched.run(&[&["rewrite", "--diff"][..], &also].concat()).exits(0).stdout;
    let diff = patched.run(&[&["check", "--format", "diff"][..], &also].concat()).exits(1).stdout;
    assert_eq!(printed, diff);
    patched.write(".git/patch", &diff);
    patched.git(&["apply", ".git/patch"]);
    written.run(&[&["rewrite"][..], &also].concat()).exits(0);
    for (name, before) in files.iter().filter(|(name, _)| !name.ends_with(' ')) {
        assert_ne!(written.read(name), *before, "{name:?}");
        assert_eq!(patched.read(name), written.read(name), "{name:?}");
    }
    assert!(diff.contains("\n # \u{1b}[31m stays\n"), "the bytes of a file are no colours");
}

// SARIF.

/// A path as a reader takes it from a URI.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&more[..2]).unwrap(), 16).unwrap());
            rest = &more[2..];
        } else {
            assert!(first.is_ascii_alphanumeric() || b"-._~/".contains(first), "{uri}");
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn place_of(result: &Value) -> &Value {
    &result["locations"][0]["physicalLocation"]
}

#[test]
fn sarif_names_hostile_files() {
    let log = Repo::with(&hostile()).json("sarif", &[]);
    let mut files: Vec<String> = Vec::new();
    for result in results(&log) {
        let file = &place_of(result)["artifactLocation"];
        assert_eq!(file["uriBaseId"], "%SRCROOT%");
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["artifactLocation"], *file);
        files.push(decoded(file["uri"].as_str().unwrap()));
    }
    files.sort();
    let mut expected = HOSTILE.to_vec();
    expected.sort_unstable();
    assert_eq!(files, expected);
}

#[test]
fn sarif_has_every_rule_whatever_is_found() {
    let empty = Repo::with(&[("a.yaml", "image: {}\n")]).json("sarif", &[]);
    let repo = Repo::with(&[
        ("a.yaml", pod("nginx:1")),
        ("b.yaml", pod("ghcr.io/a/b:1")),
        ("c.yaml", pod("mine:1")),
        ("d/e.json", "{\"image\": }\n".to_owned()),
    ]);
    let log = repo.json("sarif", &[]);
    let run = &log["runs"][0];
    assert_eq!((&log["version"], results(&empty).len()), (&json!("2.1.0"), 0));
    let driver = &run["tool"]["driver"];
    assert_eq!(*driver, empty["runs"][0]["tool"]["driver"]);
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let ids: Vec<&str> = driver["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let reasons = Reason::ALL.iter().map(|reason| reason.id());
    assert_eq!(ids, std::iter::once("uncached").chain(reasons).collect::<Vec<_>>());
    let found: Vec<_> = results(&log).iter().map(|one| (&one["ruleId"], &one["level"])).collect();
    assert_eq!(found, [(&json!("uncached"), &json!("warning")), (&json!("no-rule"), &json!("note"))]);
    for result in results(&log) {
        assert_eq!(ids[number(&result["ruleIndex"])], result["ruleId"]);
        let rule = &driver["rules"][number(&result["ruleIndex"])];
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
    }

    assert_eq!(
        empty["runs"][0]["invocations"],
        json!([{ "executionSuccessful": true, "toolExecutionNotifications": [] }])
    );
    let expected = json!([{ "executionSuccessful": false, "toolExecutionNotifications": [{
        "level": "error",
        "message": { "text": "a value is expected here; the file was left as it is" },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": "d/e.json", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 1, "startColumn": 11 },
        } }],
    }] }]);
    assert_eq!(run["invocations"], expected);

    // What is rewritten is no result any longer.
    let run = repo.run(&["rewrite", "--format", "sarif"]).exits(2);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(results(&log).iter().map(|one| &one["ruleId"]).collect::<Vec<_>>(), ["no-rule"]);
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let pods = |first: &str| {
        let container = |image: &str| format!("    - image: {image}\n");
        let image = ["nginx:1", "nginx:1", "redis:7"].map(container).concat();
        // One key of two documents.
        format!(
            "{first}apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{image}---\napiVersion: v1\nkind: Pod\nspec: {{containers: [{{image: \"nginx:1\"}}]}}\n"
        )
    };
    let prints = |text: String| {
        let log = Repo::with(&[("a.yaml", text)]).json("sarif", &[]);
        let prints = results(&log).iter().map(|one| {
            let prints = one["partialFingerprints"].as_object().unwrap();
            assert_eq!(prints.keys().collect::<Vec<_>>(), ["ecrewriteReference/v1"]);
            prints["ecrewriteReference/v1"].as_str().unwrap().to_owned()
        });
        prints.collect::<Vec<_>>()
    };
    let before = prints(pods(""));
    assert_eq!(before.len(), 4);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 4, "{before:?}");
    assert_eq!(prints(pods("# one\n# two\n\n")), before);

    // Two of one key and one text are told apart by their order.
    let twice = "{\"Parameters\": {\"a\": 1}, \"containerDefinitions\": [{\"name\": \"a\", \"image\": \"nginx:1\", \"image\": \"nginx:1\"}]}\n";
    let prints = prints(twice.to_owned());
    let hash = |print: &String| print.split_once(':').map(|(hash, order)| (hash.to_owned(), order.to_owned())).unwrap();
    assert_eq!(prints.iter().map(|print| hash(print).1).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(hash(&prints[0]).0, hash(&prints[1]).0);
}

#[test]
fn columns_count_characters_for_sarif_and_bytes_for_rdjson() {
    // `é` is two bytes, `𐐀` four and, for others, two units.
    let line = "    - { name: \"é𐐀\", image: nginx:1.27 }";
    let repo = Repo::with(&[(
        "a.yaml",
        format!("\u{feff}apiVersion: v1\r\nkind: Pod\r\nspec:\r\n  containers:\r\n{line}\r\n"),
    )]);
    let region = place_of(&results(&repo.json("sarif", &[]))[0])["region"].clone();
    assert_eq!(region, json!({ "startLine": 5, "startColumn": 28, "endLine": 5, "endColumn": 38 }));
    let rdjson = repo.json("rdjson", &[]);
    let expected = json!({
        "message": "nginx:1.27 → 111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27",
        "severity": "WARNING",
        "code": { "value": "uncached" },
        "location": {
            "path": "a.yaml",
            "range": { "start": { "line": 5, "column": 32 }, "end": { "line": 5, "column": 42 } },
        },
        "suggestions": [{
            "range": { "start": { "line": 5, "column": 32 }, "end": { "line": 5, "column": 32 } },
            "text": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/",
        }],
    });
    assert_eq!(rdjson, json!({ "source": { "name": "ecrewrite" }, "diagnostics": [expected] }));
}

#[test]
fn rdjson_has_paths_from_here_and_errors_without_columns() {
    let repo = Repo::with(&[("a/b.yaml", pod("ghcr.io/a/b:1")), ("a/c.json", "{\"image\": }\n".to_owned())]);
    let run = repo.run_in("a", &[&["check", "--format", "rdjson"], &HERE[..]].concat()).exits(2);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let expected = json!([
        {
            "message": "ghcr.io/a/b:1: no cache rule covers this registry; `--rule` adds one",
            "severity": "INFO",
            "code": { "value": "no-rule" },
            "location": {
                "path": "b.yaml",
                "range": { "start": { "line": 5, "column": 14 }, "end": { "line": 5, "column": 27 } },
            },
        },
        {
            "message": "a value is expected here; the file was left as it is",
            "severity": "ERROR",
            "location": { "path": "c.json", "range": { "start": { "line": 1 } } },
        },
    ]);
    assert_eq!(report["diagnostics"], expected);
}

#[test]
fn no_template_of_an_assembly_is_changed_alone() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/repo/cdk.out");
    let files: Vec<(String, Vec<u8>)> = fs::read_dir(source)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (format!("app/cdk.out/{}", path.file_name().unwrap().to_string_lossy()), fs::read(path).unwrap()))
        .collect();
    let files: Vec<(&str, &Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes)).collect();
    let repo = Repo::with(&files);
    for (folder, path) in [("", "."), ("app/cdk.out", "."), ("app", "../app/cdk.out"), (".git", "../app")] {
        let json = |format: &str| -> Value {
            let run = repo.run_in(folder, &[&["check", path, "--format", format], &HERE[..]].concat()).exits(1);
            serde_json::from_str(&run.stdout).unwrap()
        };
        let (sarif, rdjson) = (json("sarif"), json("rdjson"));
        assert_eq!((&results(&sarif)[0]["level"], &results(&sarif)[0]["fixes"]), (&json!("warning"), &Value::Null));
        let first = &rdjson["diagnostics"][0];
        assert_eq!((&first["severity"], &first["suggestions"]), (&json!("WARNING"), &Value::Null), "{folder} {path}");
    }
}

// Limits.

/// A report of many references: `count` files, of which each has one that is rewritten and one that has no rule.
fn many(count: usize) -> (Report, Setting) {
    let rewriter = Rewriter::new(Policy::new(Registry::unknown(), Vec::new(), OfficialRoute::EcrPublic).unwrap());
    let text = pod("nginx:1") + "    - image: ghcr.io/a/b:1\n";
    let file = |at: usize| {
        let source = Source::new(format!("folder/of/files/{at:06}.yaml"), text.as_str());
        Located::new(rewriter.check(source.path(), source.text()), &source)
    };
    let first = file(0);
    let files = (0..count).map(|at| {
        let source = Source::new("", text.as_str());
        let path = format!("folder/of/files/{at:06}.yaml");
        let mut report = first.report.clone();
        report.path = path;
        Located::new(report, &source)
    });
    let report = Report { files: files.collect(), read: count, ..Report::default() };
    let here = PathBuf::from("/repository");
    (report, Setting { tense: Tense::Would, detail: Detail::Normal, next: None, here: here.clone(), root: here })
}

#[test]
fn sarif_lists_no_more_than_can_be_taken_and_says_so() {
    let count = |log: &Value, level: &str| results(log).iter().filter(|one| one["level"] == level).count();
    let log = |files: usize| -> Value {
        let (report, setting) = many(files);
        serde_json::from_str(&report::print(Format::Sarif, &report, &setting).unwrap()).unwrap()
    };
    let most = log(12_500);
    assert_eq!((count(&most, "warning"), count(&most, "note")), (12_500, 12_500));
    assert_eq!(most["runs"][0]["invocations"][0]["toolExecutionNotifications"], json!([]));
    let cut = log(20_000);
    assert_eq!((count(&cut, "warning"), count(&cut, "note")), (20_000, 5_000), "what would change goes first");
    let said = &cut["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(said[0]["level"], "warning");
    assert_eq!(
        said[0]["message"]["text"],
        "25000 of 40000 results are listed here, those that would be rewritten first"
    );
}

// Markdown.

/// The cells of the rows of every table, as a reader shows them, below the headings of their columns.
fn tables(markdown: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut is_table = false;
    for line in markdown.split('\n') {
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) else {
            is_table &= line.starts_with("|--");
            continue;
        };
        if !is_table {
            tables.push(Vec::new());
        }
        is_table = true;
        // What `|` is within a cell would be another cell to a reader, code or not.
        let cells = row.split('|').map(|cell| shown_cell(cell.trim_matches(' ')));
        tables.last_mut().unwrap().push(cells.collect());
    }
    tables
}

fn shown_cell(cell: &str) -> String {
    if let Some(code) = cell.strip_prefix('`') {
        let code = code.strip_suffix('`').unwrap_or_else(|| panic!("`{cell}` is not closed"));
        assert!(!code.contains(['`', '\\']), "{cell}");
        return code.to_owned();
    }
    let Some(code) = cell.strip_prefix("<code>") else { return cell.to_owned() };
    let code = code.strip_suffix("</code>").unwrap_or_else(|| panic!("`{cell}` is not closed"));
    let mut shown = String::new();
    for part in code.split("&#") {
        match part.split_once(';') {
            Some((number, rest)) if !shown.is_empty() || code.starts_with("&#") => {
                shown.push(char::from_u32(number.parse().unwrap()).unwrap());
                shown.push_str(rest);
            }
            _ => shown.push_str(part),
        }
    }
    let read_otherwise = |one: char| one.is_ascii_punctuation() && !"-./&#;".contains(one);
    assert!(!code.contains(read_otherwise), "{cell}");
    shown
}

#[test]
fn the_summary_shows_hostile_names_to_the_letter() {
    let mut files = hostile();
    files.push(("zz.yaml", pod("\"ghcr.io/a/b:1\"") + "    - image: 'a|b `c` <script>&lt; \\| x'\n"));
    let repo = Repo::with(&files);
    let text = repo.run(&["check", "--format", "markdown"]).exits(1).stdout;
    assert!(!text.contains("##[") && !text.contains(['\u{1b}', '\u{7}', '\r']), "{text}");
    assert!(text.lines().all(|line| Annotation::parse(line).is_none()), "{text}");
    let tables = tables(&text);
    assert_eq!(tables[0][0], ["file", "line", "old", "new"]);
    let cached = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
    let mut found: Vec<&str> = Vec::new();
    for row in &tables[0][1..] {
        found.push(&row[0]);
        assert_eq!(row[1..], ["5", "nginx:1.27", cached], "{row:?}");
    }
    let mut expected: Vec<String> = HOSTILE
        .iter()
        .map(|name| shown(name).replace('\n', "\\n").replace('\r', "\\r").replace("##[", "##\\u{5b}"))
        .map(|name| if name.starts_with("::") { name.replacen(':', "\\u{3a}", 1) } else { name })
        .collect();
    expected.sort();
    found.sort_unstable();
    assert_eq!(found, expected);

    let left: Vec<&Vec<String>> = tables[1..].iter().flat_map(|table| &table[1..]).collect();
    assert_eq!(left, [&["zz.yaml", "5", "ghcr.io/a/b:1"], &["zz.yaml", "6", "a|b `c` <script>&lt; \\| x"]]);
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert!(text.contains("\n<details><summary>1 <code>no-rule</code>: no cache rule covers this registry; <code>--rule</code> adds one</summary>\n\n|"));
    assert!(text.contains("\n**10 references in 10 files would be rewritten**; 0 cached already, 2 left.\n"));
}

#[test]
fn the_summary_names_errors_and_what_is_done() {
    let repo = Repo::with(&[("a.yaml", pod("nginx:1")), ("b|.json", "{\"image\": }\n".to_owned())]);
    let text = repo.run(&["rewrite", "--format", "markdown"]).exits(2).stdout;
    assert!(text.contains("\n**1 reference in 1 file rewritten**; 0 cached already, 0 left, **1 error**.\n"), "{text}");
    let tables = tables(&text);
    let row = ["b|.json", "1", "a value is expected here; the file was left as it is"];
    assert_eq!(tables[0][1], row);
    assert!(!text.contains("ecrewrite rewrite"), "it is done");
    let text = repo.run(&["check", "a.yaml", "--format", "markdown"]).exits(0).stdout;
    assert_eq!(text, "## ecrewrite\n\nNothing to rewrite; 1 cached already, 0 left.\n");
}

#[test]
fn the_summary_stops_before_it_is_too_long() {
    let (report, setting) = many(20_000);
    let text = report::print(Format::Markdown, &report, &setting).unwrap();
    assert!((880_000..950_000).contains(&text.len()), "{}", text.len());
    let rows = text.lines().filter(|line| line.starts_with("| `folder/of/files/")).count();
    let more: usize =
        text.lines().filter_map(|line| line.strip_prefix("… and ")?.strip_suffix(" more")?.parse::<usize>().ok()).sum();
    assert_eq!(rows + more, 40_000);
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert!(text.ends_with("ecrewrite rewrite\n```\n"));

    // A text that is no reference may be of any length.
    let long = Repo::with(&[("a.yaml", pod(&format!("'{} x'", "é".repeat(10_000))))]);
    for format in ["markdown", "github", "sarif", "rdjson"] {
        let printed = long.run(&["check", "--format", format]).exits(0).stdout;
        assert!(printed.contains(&format!("{}…", "é".repeat(500))), "{format}: {printed}");
        assert!(!printed.contains(&"é".repeat(501)), "{format}");
    }
}

// Files.

#[test]
fn several_reports_go_into_files_at_once() {
    let repo = Repo::with(&[("a.yaml", pod("nginx:1")), ("b.yaml", pod("ghcr.io/a/b:1"))]);
    repo.write(".git/summary.md", "# before");
    repo.write(".git/output", "before=1");
    repo.write(".git/json", "something longer than nothing".repeat(1000));
    let outputs = [
        "json=.git/json",
        "sarif=.git/sarif",
        "rdjson=.git/rdjson",
        "diff=.git/diff",
        "github=.git/github",
        "text=.git/text",
        "markdown=.git/summary.md",
        "github-output=.git/output",
    ];
    let args: Vec<&str> = outputs.iter().flat_map(|output| ["--output", output]).collect();
    let quiet = repo.run(&["check"]).exits(1);
    assert_eq!(repo.run(&[&["check"], &args[..]].concat()).exits(1), quiet, "what is printed stays the same");
    for format in ["json", "sarif", "rdjson", "diff", "github", "text"] {
        let printed = repo.run(&["check", "--format", format]).exits(1).stdout;
        let written = repo.read(&format!(".git/{format}"));
        assert!(printed.starts_with(&written) && !written.is_empty(), "{format}: {written}");
    }
    let summary = repo.run(&["check", "--format", "markdown"]).exits(1).stdout;
    assert_eq!(repo.read(".git/summary.md"), format!("# before\n\n{summary}"));
    let sums = "found=true\ncount=1\nleft=1\ncached=0\nerrors=0\n";
    assert_eq!(repo.read(".git/output"), format!("before=1\n{sums}"));

    // What is there is kept, and what is said again of others is replaced.
    repo.run(&[&["rewrite"], &args[..]].concat()).exits(0);
    assert_eq!(repo.read(".git/output"), format!("before=1\n{sums}{sums}"));
    assert_eq!(repo.read(".git/summary.md").matches("## ecrewrite\n").count(), 2);
    let json: Value = serde_json::from_str(&repo.read(".git/json")).unwrap();
    assert_eq!(json["summary"]["rewrite"], 1);
    repo.write("c.json", "{\"image\": }\n");
    fs::remove_file(repo.path(".git/output")).unwrap();
    repo.run(&["check", "--output", "github-output=.git/output"]).exits(2);
    assert_eq!(repo.read(".git/output"), "found=false\ncount=0\nleft=1\ncached=1\nerrors=1\n");
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_the_others_are() {
    let repo = Repo::with(&[("a.yaml", pod("nginx:1"))]);
    for verb in ["check", "rewrite"] {
        for form in ["sarif", "markdown", "github-output"] {
            let bad = format!("{form}=no/such\u{1b}/file");
            let run = repo.run(&[verb, "--output", &bad, "--output", "json=.git/json", "--format", "json"]).exits(2);
            assert!(run.stderr.starts_with("error: no/such\\u{1b}/file: cannot be written: "), "{}", run.stderr);
            assert_eq!(run.stdout, repo.read(".git/json"), "the report is not lost");
            assert!(run.stdout.contains("\"reference\""), "{}", run.stdout);
        }
    }
}

#[test]
fn forms_that_are_none_are_refused() {
    let repo = Repo::with(&[("a.yaml", pod("nginx:1"))]);
    let refused = |args: &[&str]| repo.run(&[&["check"], args].concat()).exits(2).stderr;
    let stderr = refused(&["--format", "github-output"]);
    assert!(stderr.contains("it goes into a file only: --output github-output=\"$GITHUB_OUTPUT\""), "{stderr}");
    let stderr = refused(&["--output", "xml=a"]);
    assert!(
        stderr.contains("`xml` is no form of the report; the forms are text, json, diff, html, github, "),
        "{stderr}"
    );
    assert!(stderr.contains(", github-output"), "{stderr}");
    for bad in ["sarif", "sarif="] {
        let stderr = refused(&["--output", bad]);
        assert!(stderr.contains("FORMAT=FILE is expected, for example json=report.json"), "{stderr}");
    }
    assert_eq!(repo.run(&["check", "--format", "xml"]).exits(2).stdout, "");
}
