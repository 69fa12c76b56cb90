//! Every place where an image is known to be written: what the program makes of it there, or why it leaves it alone.
//!
//! `testdata/places` is a table. Each of its files is a list of rows; a row is one place, by format, kind and path:
//!
//! | key | |
//! |---|---|
//! | `cases` | documents of the place, each with one image |
//! | `expect` | instead of cases, for CloudFormation and Terraform: this test writes the documents from the path |
//! | `build` | their types and paths, `TYPE PATH`, where these are not the kind and the path of the row |
//! | `leaves` | why the place, or a part of it, is left alone, in one sentence |
//!
//! A case:
//!
//! | key | |
//! |---|---|
//! | `file` | what the file is called |
//! | `text` | its lines |
//! | `with` | more files that the document needs; `{hash NAME}` in them is the SHA-256 of another file |
//! | `reference` | the image as a report shows it; `nginx:1.27` unless said |
//! | `change` | each `[OLD, NEW]` of `rewrite`, if not the reference as a whole; `{registry}` is the host |
//! | `expect` | what becomes of the image: `rewrite`, a reason, or `nothing`, which needs a `leaves` in the row |
//! | `besides` | what else is reported, each `REASON REFERENCE` |
//! | `shown_as` | the kind that the report gives |
//!
//! `expect` is a word, or one for each of several lists of arguments: `{"": "needs-more", "--unsafe": "rewrite"}`. What
//! is named with `--also` is also the kind that the report has to give.
//!
//! In each run `check` has to report just the image and what stands in `besides`. Where `rewrite` is expected, the old
//! text stands once in the document, `rewrite` replaces it there and changes nothing else, and the result is cached.
//! Elsewhere `rewrite` changes nothing.
//!
//! The list of known places is no part of this repository: the environment variable `ECREWRITE_FACTS` names the folder
//! with it. Without it one line says so, and the cases run all the same; with it, each place there has to be a row here
//! and each row a place there, and no row may promise more than is known of the place.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ecrewrite::Reason;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The variable which names the folder of the list of known places.
const FACTS: &str = "ECREWRITE_FACTS";

/// The list in that folder.
const LIST: &str = "image-paths.json";

/// The image of a case that names no other.
const PROBE: &str = "nginx:1.27";

/// What the program is asked to do, and the registry that follows from it.
const MAPPING: [&str; 4] = ["--account", "111122223333", "--region", "us-east-1"];
const REGISTRY: &str = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

/// How references begin, and how they do once they are cached. Whatever begins otherwise is an official image.
const CACHED: [(&str, &str); 4] = [
    ("public.ecr.aws/", "ecr-public/"),
    ("docker.io/", "ecr-public/docker/library/"),
    ("registry.k8s.io/", "kubernetes/"),
    ("", "ecr-public/docker/library/"),
];

// ---------------------------------------------------------------------------------------------------------------
// The table
// ---------------------------------------------------------------------------------------------------------------

/// A place where an image is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    format: String,
    kind: String,
    path: String,
    #[serde(default)]
    cases: Vec<Case>,
    expect: Option<Expect>,
    #[serde(default)]
    build: Vec<String>,
    leaves: Option<String>,
}

/// A document with an image in such a place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    text: Vec<String>,
    #[serde(default)]
    with: BTreeMap<String, Vec<String>>,
    #[serde(default = "probe")]
    reference: String,
    #[serde(default)]
    change: Vec<(String, String)>,
    expect: Expect,
    #[serde(default)]
    besides: Vec<String>,
    shown_as: Option<String>,
}

/// What becomes of an image: without arguments, or with each of several lists of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Expect {
    Plain(String),
    Each(BTreeMap<String, String>),
}

impl Expect {
    /// Arguments and outcome of each run.
    fn runs(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Plain(outcome) => vec![("", outcome)],
            Self::Each(runs) => runs.iter().map(|(arguments, outcome)| (&**arguments, &**outcome)).collect(),
        }
    }
}

fn probe() -> String {
    PROBE.to_owned()
}

impl Row {
    /// How the row is known: format, kind, path.
    fn key(&self) -> String {
        format!("{} | {} | {}", self.format, self.kind, self.path)
    }

    /// The cases of the table, or those that are written from the path.
    fn documents(&self) -> Result<Vec<Case>, String> {
        let Some(expect) = &self.expect else {
            return if self.build.is_empty() { Ok(self.cases.clone()) } else { Err("`build` without `expect`".into()) };
        };
        if !self.cases.is_empty() {
            return Err("both `cases` and `expect`".into());
        }
        let mut documents = Vec::new();
        let own = format!("{} {}", self.kind, self.path);
        let builds = if self.build.is_empty() { vec![own.as_str()] } else { self.build.iter().map(|b| &**b).collect() };
        for build in builds {
            let (resource, path) = build.split_once(' ').ok_or(format!("`{build}` is not `TYPE PATH`"))?;
            if path.contains([' ', '*', '|', ';']) && !path.contains("{*}") {
                return Err(format!("`{path}` is not one path: give cases, or `build`"));
            }
            let (files, kind) = match self.format.as_str() {
                "cloudformation" => (cloudformation(resource, path), "cloudformation"),
                "terraform" => (terraform(resource, path), "terraform"),
                other => return Err(format!("documents of the format `{other}` are not written here")),
            };
            documents.extend(files.into_iter().map(|(file, text)| Case {
                file: file.to_owned(),
                text: text.lines().map(str::to_owned).collect(),
                with: BTreeMap::new(),
                reference: probe(),
                change: Vec::new(),
                expect: expect.clone(),
                besides: Vec::new(),
                shown_as: Some(kind.to_owned()),
            }));
        }
        Ok(documents)
    }

    /// What is wrong with the row itself.
    fn flaw(&self) -> Option<String> {
        let documents = match self.documents() {
            Ok(documents) => documents,
            Err(error) => return Some(error),
        };
        let leaves = self.leaves.as_deref();
        if documents.is_empty() && leaves.is_none() {
            return Some("neither a case nor a reason why the place is left alone".into());
        }
        if leaves.is_some_and(|why| !why.ends_with('.') || why.contains('\n')) {
            return Some("`leaves` is not one sentence".into());
        }
        for case in &documents {
            for (_, outcome) in case.expect.runs() {
                match outcome {
                    "rewrite" => {}
                    "nothing" if leaves.is_some() => {}
                    "nothing" => return Some("`nothing` is expected, and no `leaves` says why".into()),
                    id if Reason::ALL.iter().any(|reason| reason.id() == id) => {}
                    other => return Some(format!("`{other}` is the id of no reason")),
                }
            }
        }
        None
    }
}

/// Every row, in the order of the files.
fn table() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/places");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut rows = Vec::new();
    for file in files {
        let read: Result<Vec<Row>, _> = serde_json::from_str(&fs::read_to_string(&file).unwrap());
        rows.extend(read.unwrap_or_else(|error| panic!("{}: {error}", file.display())));
    }
    assert!(!rows.is_empty(), "no rows in {}", folder.display());
    rows
}

// ---------------------------------------------------------------------------------------------------------------
// Documents from paths
// ---------------------------------------------------------------------------------------------------------------

/// A value with the image at a path: `[]` behind a key is a list of one, `{*}` any key.
fn nest<'p>(mut path: impl Iterator<Item = &'p str>) -> Value {
    let Some(segment) = path.next() else { return json!(PROBE) };
    let inner = nest(path);
    match segment.strip_suffix("[]") {
        Some(key) => json!({ key: [inner] }),
        None if segment == "{*}" => json!({ "Any": inner }),
        None => json!({ segment: inner }),
    }
}

/// A template with the image in a resource of this type, in JSON and in YAML.
fn cloudformation(resource: &str, path: &str) -> Vec<(&'static str, String)> {
    let mut probe = nest(path.split('/').skip(1));
    probe["Type"] = json!(resource);
    let template = json!({ "Resources": { "Probe": probe } });
    let yaml = serde_yaml::to_string(&template).expect("a template is YAML");
    vec![
        ("template.json", serde_json::to_string_pretty(&template).expect("a template is JSON")),
        ("template.yaml", yaml),
    ]
}

/// A module with the image in a resource of this type, in HCL and in JSON. What has something below it is a block.
fn terraform(resource: &str, path: &str) -> Vec<(&'static str, String)> {
    fn block(segments: &[&str], indent: usize) -> String {
        let space = " ".repeat(indent);
        match segments {
            [] => String::new(),
            [argument] => format!("{space}{argument} = \"{PROBE}\"\n"),
            [name, rest @ ..] => format!("{space}{name} {{\n{}{space}}}\n", block(rest, indent + 2)),
        }
    }
    let segments: Vec<&str> = path.split('.').collect();
    let hcl = format!("resource \"{resource}\" \"probe\" {{\n{}}}\n", block(&segments, 2));
    let module = json!({ "resource": { resource: { "probe": nest(segments.into_iter()) } } });
    vec![("main.tf", hcl), ("main.tf.json", serde_json::to_string_pretty(&module).expect("a module is JSON"))]
}

// ---------------------------------------------------------------------------------------------------------------
// Running a case
// ---------------------------------------------------------------------------------------------------------------

/// Files by path.
type Files = BTreeMap<String, String>;

/// What a reference becomes.
fn cached(reference: &str) -> String {
    let (host, prefix) = CACHED.iter().find(|(host, _)| reference.starts_with(host)).expect("the last row is for any");
    format!("{REGISTRY}/{prefix}{}", &reference[host.len()..])
}

impl Case {
    /// The files of the case, with the document as it is or as it should become.
    fn files(&self, document: String) -> Files {
        let lines = |lines: &Vec<String>| lines.iter().map(|line| format!("{line}\n")).collect();
        let mut files: Files = self.with.iter().map(|(name, text)| (name.clone(), lines(text))).collect();
        files.insert(self.file.clone(), document);
        hashed(files)
    }

    fn document(&self) -> String {
        self.text.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The document with the image replaced, and nothing else.
    fn rewritten(&self) -> Result<String, String> {
        let whole = [(self.reference.clone(), cached(&self.reference))];
        let mut text = self.document();
        for (old, new) in if self.change.is_empty() { whole.as_slice() } else { &self.change } {
            match text.matches(old.as_str()).count() {
                1 => text = text.replace(old.as_str(), &new.replace("{registry}", REGISTRY)),
                times => return Err(format!("`{old}` stands {times} times in the document, not once")),
            }
        }
        Ok(text)
    }

    /// The kind that the report has to give.
    fn kind(&self) -> Option<&str> {
        let also = self.expect.runs().into_iter().find_map(|(arguments, _)| arguments.split_once("--also "));
        let also = also.map(|(_, rest)| rest.split(' ').next().unwrap_or(rest));
        self.shown_as.as_deref().or(also)
    }

    fn run(&self, arguments: &str, outcome: &str) -> Result<(), String> {
        let before = self.files(self.document());
        let place = Place::with(&before);
        let report = |what: &str, reference: &str| match what {
            "nothing" => self.besides.clone(),
            what => [vec![format!("{what} {reference}")], self.besides.clone()].concat(),
        };
        self.compare(report(outcome, &self.reference), place.check(arguments, i32::from(outcome == "rewrite"))?)?;
        place.rewrite(arguments)?;
        if outcome != "rewrite" {
            return place.holds(&before);
        }
        place.holds(&self.files(self.rewritten()?))?;
        self.compare(report("cached", &cached(&self.reference)), place.check(arguments, 0)?)
            .map_err(|error| format!("read back: {error}"))
    }

    /// Holds what was found against what should be: `OUTCOME REFERENCE`, in any order.
    fn compare(&self, mut expected: Vec<String>, found: Vec<Finding>) -> Result<(), String> {
        let mut shown: Vec<String> = found.iter().map(|finding| finding.shown.clone()).collect();
        shown.sort();
        expected.sort();
        if shown != expected {
            return Err(format!("expected {expected:?}, found {shown:?}"));
        }
        for finding in found.iter().filter(|finding| !self.besides.contains(&finding.shown)) {
            if finding.file != self.file {
                return Err(format!("found in {}", finding.file));
            }
            if self.kind().is_some_and(|kind| kind != finding.kind) {
                return Err(format!("shown as {}, not as {}", finding.kind, self.kind().unwrap_or_default()));
            }
            if finding.replacement.as_ref().is_some_and(|new| *new != cached(&self.reference)) {
                return Err(format!("becomes {}", finding.replacement.as_deref().unwrap_or_default()));
            }
        }
        Ok(())
    }
}

/// Puts the hashes of files where others name them; a file is hashed once its own names are gone.
fn hashed(mut files: Files) -> Files {
    const OPEN: &str = "{hash ";
    loop {
        let done = |name: &String| files.get(name).is_some_and(|text| !text.contains(OPEN));
        let names = files.values().flat_map(|text| text.split(OPEN).skip(1)).filter_map(|rest| rest.split_once('}'));
        let Some(name) = names.map(|(name, _)| name.to_owned()).find(done) else { return files };
        let hash: String = Sha256::digest(files[&name].as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        files.values_mut().for_each(|text| *text = text.replace(&format!("{OPEN}{name}}}"), &hash));
    }
}

/// One finding of a report.
#[derive(Debug)]
struct Finding {
    file: String,
    kind: String,
    /// `OUTCOME REFERENCE`, with the reason for an outcome.
    shown: String,
    replacement: Option<String>,
}

/// A fresh folder with the files of a case and nothing else.
struct Place {
    folder: TempDir,
}

impl Place {
    fn with(files: &Files) -> Self {
        // Not the default prefix: that begins with a dot, and hidden folders are not walked.
        let folder = tempfile::Builder::new().prefix("ecrewrite-place-").tempdir().expect("a temporary folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is made");
            fs::write(path, text).expect("the file is written");
        }
        Self { folder }
    }

    fn run(&self, verb: &[&str], arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
        command.args(verb).args(MAPPING).args(arguments.split_whitespace()).arg(".").current_dir(self.folder.path());
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if shown.starts_with("AWS_") || shown.starts_with("ECREWRITE_") {
                command.env_remove(&name);
            }
        }
        command.output().expect("the program starts")
    }

    /// What `check` reports, which has to end with this code.
    fn check(&self, arguments: &str, code: i32) -> Result<Vec<Finding>, String> {
        let output = self.run(&["check", "--format", "json"], arguments);
        let report: Value = serde_json::from_slice(&output.stdout).map_err(|_| complaint("check", &output))?;
        if report["errors"].as_array().is_none_or(|list| !list.is_empty()) {
            return Err(format!("errors: {}", report["errors"]));
        }
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let findings =
            report["findings"].as_array().ok_or("the report has no findings")?.iter().map(|finding| Finding {
                file: text(finding, "file").trim_start_matches("./").to_owned(),
                kind: text(finding, "kind"),
                shown: match text(finding, "outcome").as_str() {
                    "left" => format!("{} {}", text(finding, "reason"), text(finding, "reference")),
                    outcome => format!("{outcome} {}", text(finding, "reference")),
                },
                replacement: finding["replacement"].as_str().map(str::to_owned),
            });
        // A file that is skipped as a whole shows its reason.
        let skipped = report["skipped"].as_array().into_iter().flatten().map(|skipped| Finding {
            file: text(skipped, "file").trim_start_matches("./").to_owned(),
            kind: String::new(),
            shown: format!("{} -", text(skipped, "reason")),
            replacement: None,
        });
        let findings: Vec<Finding> = findings.chain(skipped).collect();
        match output.status.code() {
            Some(found) if found == code => Ok(findings),
            found => {
                let shown: Vec<&String> = findings.iter().map(|finding| &finding.shown).collect();
                Err(format!("check ends with {found:?}, not with {code}; found {shown:?}"))
            }
        }
    }

    fn rewrite(&self, arguments: &str) -> Result<(), String> {
        let output = self.run(&["rewrite"], arguments);
        if output.status.success() { Ok(()) } else { Err(complaint("rewrite", &output)) }
    }

    /// The files have to be these, to the byte.
    fn holds(&self, wanted: &Files) -> Result<(), String> {
        for (name, wanted) in wanted {
            let found =
                fs::read_to_string(self.folder.path().join(name)).map_err(|error| format!("{name}: {error}"))?;
            if found != *wanted {
                return Err(format!("{name} is not as expected\n--- expected\n{wanted}--- found\n{found}"));
            }
        }
        Ok(())
    }
}

fn complaint(verb: &str, output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    format!("{verb} ends with {:?}: {} {}", output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What goes wrong in the cases of a row, each with the file and the arguments.
fn failures(row: &Row) -> Vec<String> {
    if let Some(flaw) = row.flaw() {
        return vec![flaw];
    }
    let mut failures = Vec::new();
    for (index, case) in row.documents().unwrap_or_default().iter().enumerate() {
        for (arguments, outcome) in case.expect.runs() {
            if let Err(error) = case.run(arguments, outcome) {
                failures.push(format!("{}. {} `{arguments}`: {error}", index + 1, case.file));
            }
        }
    }
    failures
}

#[test]
fn every_place_comes_out_as_expected() {
    let rows = table();
    let next = AtomicUsize::new(0);
    let failed: Mutex<BTreeMap<usize, Vec<String>>> = Mutex::default();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(index) else { break };
                    let failures = failures(row);
                    if !failures.is_empty() {
                        failed.lock().expect("no worker panicked").insert(index, failures);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no worker panicked");
    let shown: Vec<String> =
        failed.iter().map(|(index, errors)| format!("--- {}\n{}", rows[*index].key(), errors.join("\n"))).collect();
    assert!(failed.is_empty(), "{} of {} places failed\n\n{}\n", failed.len(), rows.len(), shown.join("\n\n"));
}

// ---------------------------------------------------------------------------------------------------------------
// The list of known places
// ---------------------------------------------------------------------------------------------------------------

/// What is wrong between the table and the list.
fn gaps(rows: &[Row], list: &Value) -> Vec<String> {
    let known = list["entries"].as_array().map_or(&[][..], Vec::as_slice);
    let key = |entry: &Value| {
        let of = |key: &str| entry[key].as_str().unwrap_or_default();
        format!("{} | {} | {}", of("format"), of("kind"), of("path"))
    };
    let mut gaps = Vec::new();
    if known.is_empty() {
        gaps.push("the list is empty".to_owned());
    }
    for (index, row) in rows.iter().enumerate() {
        if rows[..index].iter().any(|earlier| earlier.key() == row.key()) {
            gaps.push(format!("a second row: {}", row.key()));
        }
        if !known.iter().any(|entry| key(entry) == row.key()) {
            gaps.push(format!("no known place: {}", row.key()));
        }
    }
    for entry in known {
        match rows.iter().find(|row| row.key() == key(entry)) {
            None => gaps.push(format!("no row: {}", key(entry))),
            Some(row) => gaps.extend(promises_too_much(row, &entry["ptc_first_pull_ok"])),
        }
    }
    gaps
}

/// Whether a row expects a rewrite although the first pull through a cache is known to fail, or by default although
/// nobody knows.
fn promises_too_much(row: &Row, first_pull: &Value) -> Option<String> {
    let expected: Vec<Expect> = row.cases.iter().map(|case| &case.expect).chain(&row.expect).cloned().collect();
    let runs = expected.iter().flat_map(Expect::runs).filter(|(_, outcome)| *outcome == "rewrite");
    let mut rewrites = runs.map(|(arguments, _)| arguments);
    let wrong = match first_pull {
        Value::Bool(false) => rewrites.next(),
        Value::String(word) if word == "report" => rewrites.next(),
        Value::String(word) if word == "unknown" => rewrites.find(|arguments| !arguments.contains("--unsafe")),
        _ => None,
    };
    wrong.map(|arguments| format!("rewritten with `{arguments}`, and its first pull is `{first_pull}`: {}", row.key()))
}

#[test]
fn every_known_place_has_a_row() {
    let Some(folder) = std::env::var_os(FACTS) else {
        // Past the capturing of the test harness, so that it is to be seen when the test passes.
        let _ = writeln!(std::io::stderr().lock(), "places: NOT HELD AGAINST THE LIST, {FACTS} names no folder");
        return;
    };
    let file = Path::new(&folder).join(LIST);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{FACTS}: {}: {error}", file.display()));
    let list = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let gaps = gaps(&table(), &list);
    assert!(gaps.is_empty(), "{} gaps\n{}", gaps.len(), gaps.join("\n"));
}

// ---------------------------------------------------------------------------------------------------------------
// Tests of the test: it has to be able to fail
// ---------------------------------------------------------------------------------------------------------------

/// A row about task definitions, with more of it as JSON.
fn row(more: &str) -> Row {
    serde_json::from_str(&format!(r#"{{"format": "ecs-json", "kind": "task", "path": "/x", {more}}}"#)).unwrap()
}

/// A case with this image in a task definition.
fn task(image: &str, more: &str) -> Row {
    let text = format!(r#"{{\"containerDefinitions\": [{{\"image\": \"{image}\"}}]}}"#);
    row(&format!(r#""cases": [{{"file": "task.json", "text": ["{text}"], {more}}}]"#))
}

#[track_caller]
fn fails(row: &Row, part: &str) {
    let failures = failures(row);
    assert!(failures.iter().any(|failure| failure.contains(part)), "`{part}` is not in {failures:?}");
}

#[test]
fn a_case_that_holds_and_cases_that_do_not() {
    assert_eq!(failures(&task(PROBE, r#""expect": "rewrite""#)), Vec::<String>::new());
    assert_eq!(
        failures(&task("quay.io/a/b", r#""reference": "quay.io/a/b", "expect": "no-rule""#)),
        Vec::<String>::new()
    );
    fails(&task(PROBE, r#""expect": "no-rule""#), "check ends with Some(1)");
    fails(&task("quay.io/a/b", r#""reference": "quay.io/a/b", "expect": "rewrite""#), "check ends with Some(0)");
    fails(&task("shop:dev", r#""reference": "shop:dev", "expect": "no-rule""#), "not-official shop:dev");
    fails(&task("shop:dev", r#""reference": "shop", "expect": "not-official""#), "found [\"not-official shop:dev\"]");
    fails(&task("shop:dev", r#""expect": "nothing""#), "no `leaves` says why");
    fails(
        &task(PROBE, r#""expect": "rewrite", "change": [["nginx", "{registry}/nginx"]]"#),
        "task.json is not as expected",
    );
    fails(&task(PROBE, r#""expect": "rewrite", "change": [["redis", "x"]]"#), "stands 0 times");
    fails(&task(PROBE, r#""expect": "rewrite", "shown_as": "helm""#), "shown as ecs");
    fails(&task(PROBE, r#""expect": "rewrite", "besides": ["no-rule x"]"#), "no-rule x");
    fails(&task(PROBE, r#""expect": {"--no-such-flag": "rewrite"}"#), "--no-such-flag");
}

#[test]
fn rows_with_a_flaw() {
    let flaw = |more: &str| row(more).flaw().unwrap_or_default();
    assert!(flaw(r#""cases": []"#).starts_with("neither a case"));
    assert!(flaw(r#""leaves": "it is no image""#).contains("not one sentence"));
    assert!(flaw(r#""expect": "rewrite""#).contains("`ecs-json` are not written here"));
    assert!(flaw(r#""build": ["a b"], "leaves": "It is none.""#).contains("`build` without `expect`"));
    assert_eq!(task(PROBE, r#""expect": "no-such-reason""#).flaw().unwrap(), "`no-such-reason` is the id of no reason");
    assert_eq!(row(r#""leaves": "It is no image.""#).flaw(), None);
}

#[test]
fn documents_follow_their_paths() {
    let template = &cloudformation("A::B::C", "/Properties/Map/{*}/List[]/Image")[0].1;
    let wanted = json!({ "Type": "A::B::C", "Properties": { "Map": { "Any": { "List": [{ "Image": PROBE }] } } } });
    let template: Value = serde_json::from_str(template).unwrap();
    assert_eq!(template, json!({ "Resources": { "Probe": wanted } }));

    let modules = terraform("a_b", "spec.container.image");
    assert_eq!(
        modules[0].1,
        "resource \"a_b\" \"probe\" {\n  spec {\n    container {\n      image = \"nginx:1.27\"\n    }\n  }\n}\n"
    );
    let module: Value = serde_json::from_str(&modules[1].1).unwrap();
    assert_eq!(module["resource"]["a_b"]["probe"], json!({ "spec": { "container": { "image": PROBE } } }));
}

#[test]
fn hashes_are_those_of_the_final_texts() {
    let files = [("a", "{hash b} {hash b}"), ("b", "{hash c}"), ("c", "text")];
    let files = hashed(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
    let hash =
        |text: &str| Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(files["b"], hash("text"));
    assert_eq!(files["a"], format!("{0} {0}", hash(&files["b"])));
}

#[test]
fn gaps_between_table_and_list() {
    let known = |path: &str, first_pull: &str| {
        let entry =
            format!(r#"{{"format": "ecs-json", "kind": "task", "path": "{path}", "ptc_first_pull_ok": {first_pull}}}"#);
        serde_json::from_str(&format!(r#"{{"entries": [{entry}]}}"#)).unwrap()
    };
    let plain = [task(PROBE, r#""expect": "rewrite""#)];
    assert_eq!(gaps(&plain, &known("/x", "true")), Vec::<String>::new());
    assert_eq!(gaps(&plain, &known("/y", "true")).len(), 2);
    assert_eq!(gaps(&plain, &json!({})).len(), 2);
    assert_eq!(gaps(&[plain.clone(), plain.clone()].concat(), &known("/x", "true")).len(), 1);

    let on_request = [task(PROBE, r#""expect": {"": "needs-more", "--unsafe": "rewrite"}"#)];
    for (rows, first_pull, expected) in [
        (&plain, "false", 1),
        (&plain, "\"unknown\"", 1),
        (&plain, "\"report\"", 1),
        (&on_request, "false", 1),
        (&on_request, "\"unknown\"", 0),
    ] {
        assert_eq!(gaps(rows, &known("/x", first_pull)).len(), expected, "{first_pull}");
    }
}
