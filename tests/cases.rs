//! Runs the program over the cases in `testdata/rewrite`, `testdata/reject` and `testdata/revert`.
//!
//! A case is a folder, named after what it shows. In each kind:
//!
//! | file | |
//! |---|---|
//! | `in.<ext>` | the file before |
//! | `args` | more arguments, one a line; `--account` or `--region` here replaces the default one |
//! | `name` | what the file is called when the program sees it, where the name matters; otherwise `in.<ext>` |
//! | `variants` | the word `none`: the file is only run as it stands, because its bytes are the point |
//!
//! `rewrite` cases have `out.<ext>`: what `ecrewrite rewrite` must make of the file, to the byte. A second run must leave
//! that alone. `revert` cases are the same for `ecrewrite revert`.
//!
//! `reject` cases have `expected`: the file must stay as it is, and `ecrewrite check --format json` must say exactly this,
//! one finding a line and in the order of the lines:
//!
//! ```text
//! LINE REASON REFERENCE       left alone; REFERENCE is the rest of the line
//! LINE cached REFERENCE       is a cached reference already
//! 0 REASON -                  the whole file was skipped
//! ```
//!
//! An empty `expected` means that nothing is reported at all.
//!
//! `testdata/cdk-source` has the same three folders for the feature of that name, and in `csharp` two for
//! `cdk-source-csharp`.
//!
//! Every case is run as it stands, with CRLF line ends, with a byte order mark, and without its final newline. So the files
//! have LF line ends, no byte order mark and a final newline, unless `variants` says `none`.

#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tempfile::TempDir;

const DEFAULTS: [(&str, &str); 2] = [("--account", "111122223333"), ("--region", "us-east-1")];
const BOM: &[u8] = b"\xef\xbb\xbf";

#[test]
fn rewrite() {
    run_all("rewrite", rewritten);
}

#[test]
fn revert() {
    run_all("revert", reverted);
}

#[test]
fn reject() {
    run_all("reject", rejected);
}

#[cfg(feature = "cdk-source")]
#[test]
fn rewrite_programs() {
    run_all("cdk-source/rewrite", rewritten);
}

#[cfg(feature = "cdk-source")]
#[test]
fn revert_programs() {
    run_all("cdk-source/revert", reverted);
}

#[cfg(feature = "cdk-source")]
#[test]
fn reject_programs() {
    run_all("cdk-source/reject", rejected);
}

#[cfg(feature = "cdk-source-csharp")]
#[test]
fn rewrite_programs_in_csharp() {
    run_all("cdk-source/csharp/rewrite", rewritten);
}

#[cfg(feature = "cdk-source-csharp")]
#[test]
fn reject_programs_in_csharp() {
    run_all("cdk-source/csharp/reject", rejected);
}

fn rewritten(case: &Case) -> Result<(), String> {
    let after = case.file("out").ok_or("there is no out file")?;
    if after.extension() != case.before.extension() {
        return Err("in and out have different extensions".into());
    }
    let (before, after) = (read(&case.before), read(&after));
    if before == after {
        return Err("in and out are the same: a case for testdata/reject".into());
    }
    each_variant(case, &[&before, &after], |variant| {
        let place = Place::new(case, &variant.apply(&before));
        let wanted = variant.apply(&after);
        succeeds(&place.run("rewrite", case, &[]))?;
        place.holds(&wanted)?;

        let written = place.modified();
        succeeds(&place.run("rewrite", case, &[])).map_err(|error| format!("second run: {error}"))?;
        place.holds(&wanted).map_err(|error| format!("second run: {error}"))?;
        if place.modified() != written {
            return Err("second run: the file was written although nothing changed".into());
        }
        if variant == Variant::Plain {
            // The way back may spell a reference in another way, but the way there ends here again.
            succeeds(&place.run("revert", case, &[])).map_err(|error| format!("revert: {error}"))?;
            succeeds(&place.run("rewrite", case, &[]))?;
            place.holds(&wanted).map_err(|error| format!("rewritten after revert: {error}"))?;
        }
        Ok(())
    })
}

fn reverted(case: &Case) -> Result<(), String> {
    let after = read(&case.file("out").ok_or("there is no out file")?);
    let before = read(&case.before);
    each_variant(case, &[&before, &after], |variant| {
        let place = Place::new(case, &variant.apply(&before));
        let wanted = variant.apply(&after);
        succeeds(&place.run("revert", case, &[]))?;
        place.holds(&wanted)?;
        succeeds(&place.run("revert", case, &[])).map_err(|error| format!("second run: {error}"))?;
        place.holds(&wanted).map_err(|error| format!("second run: {error}"))
    })
}

fn rejected(case: &Case) -> Result<(), String> {
    let expected = case.file("expected").ok_or("there is no expected file")?;
    let expected = String::from_utf8(read(&expected)).map_err(|_| "expected is not UTF-8")?;
    let expected: Vec<String> = expected.lines().map(str::to_owned).collect();
    if !expected.is_sorted_by_key(|line| line_number(line)) {
        return Err("expected is not in the order of the lines".into());
    }
    let before = read(&case.before);
    each_variant(case, &[&before], |variant| {
        let before = variant.apply(&before);
        let place = Place::new(case, &before);
        let written = place.modified();
        succeeds(&place.run("rewrite", case, &[]))?;
        place.holds(&before)?;
        if place.modified() != written {
            return Err("the file was written although nothing changed".into());
        }

        let output = place.run("check", case, &["--format", "json"]);
        succeeds(&output)?;
        let report = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("the report is not JSON: {error}\n{}", text(&output.stdout)))?;
        compare(&expected, &reported(&report, &case.name_in_place)?)
    })
}

/// One folder of `testdata`.
struct Case {
    folder: PathBuf,
    before: PathBuf,
    name_in_place: String,
    args: Vec<String>,
    plain_only: bool,
}

impl Case {
    fn load(folder: PathBuf) -> Result<Self, String> {
        let mut case =
            Self { before: PathBuf::new(), name_in_place: String::new(), args: Vec::new(), plain_only: false, folder };
        for path in entries(&case.folder) {
            let name = file_name(&path);
            let known = ["args", "expected", "name", "variants"].contains(&name.as_str());
            if !known && !name.starts_with("in.") && !name.starts_with("out.") {
                return Err(format!("unknown file {name}"));
            }
        }
        case.before = case.file("in").ok_or("there is no in file")?;
        case.name_in_place = match case.file("name") {
            Some(path) => text(&read(&path)).trim().to_owned(),
            None => file_name(&case.before),
        };
        if let Some(path) = case.file("args") {
            case.args = text(&read(&path)).lines().map(str::to_owned).collect();
        }
        if let Some(path) = case.file("variants") {
            case.plain_only = match text(&read(&path)).trim() {
                "none" => true,
                other => return Err(format!("variants can only say `none`, not `{other}`")),
            };
        }
        Ok(case)
    }

    /// The one file called `stem` or `stem.<ext>`.
    fn file(&self, stem: &str) -> Option<PathBuf> {
        entries(&self.folder).into_iter().find(|path| {
            let name = file_name(path);
            name == stem || name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// The arguments of the case, and the default account and region where it does not give its own.
    fn arguments(&self) -> Vec<&str> {
        let mut arguments = Vec::new();
        for (flag, value) in DEFAULTS {
            let given = |arg: &String| arg == flag || arg.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='));
            if !self.args.iter().any(given) {
                arguments.extend([flag, value]);
            }
        }
        arguments.extend(self.args.iter().map(String::as_str));
        arguments
    }
}

/// A fresh folder that holds the file of a case and nothing else.
struct Place {
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new(case: &Case, bytes: &[u8]) -> Self {
        // Not the default prefix: that begins with a dot, and hidden folders are not walked.
        let folder = tempfile::Builder::new().prefix("ecrewrite-case-").tempdir().expect("a temporary folder");
        let file = folder.path().join(&case.name_in_place);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("its folders are made");
        fs::write(&file, bytes).expect("the file of the case is written");
        Self { folder, file }
    }

    fn run(&self, verb: &str, case: &Case, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
        command.arg(verb).args(case.arguments()).args(more).arg(".").current_dir(self.folder.path());
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if shown.starts_with("AWS_") || shown.starts_with("ECREWRITE_") {
                command.env_remove(&name);
            }
        }
        command.output().expect("the program starts")
    }

    fn modified(&self) -> std::time::SystemTime {
        fs::metadata(&self.file).and_then(|data| data.modified()).expect("the file has a time")
    }

    /// The folder must hold the one file, with these bytes.
    fn holds(&self, wanted: &[u8]) -> Result<(), String> {
        let mut folder = self.folder.path();
        for part in self.file.strip_prefix(folder).expect("the file is in the folder").iter() {
            let found: Vec<String> = entries(folder).iter().map(|path| file_name(path)).collect();
            if found != [part.to_string_lossy()] {
                return Err(format!("a folder holds {found:?}"));
            }
            folder = self.file.ancestors().find(|at| at.parent() == Some(folder)).unwrap_or(folder);
        }
        let bytes = read(&self.file);
        if bytes == wanted { Ok(()) } else { Err(difference(wanted, &bytes)) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Variant {
    Plain,
    Crlf,
    Bom,
    NoFinalNewline,
}

impl Variant {
    const ALL: [Self; 4] = [Self::Plain, Self::Crlf, Self::Bom, Self::NoFinalNewline];

    fn apply(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain => bytes.to_vec(),
            Self::Crlf => bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]),
            Self::Bom => [BOM, bytes].concat(),
            Self::NoFinalNewline => bytes.strip_suffix(b"\n").unwrap_or(bytes).to_vec(),
        }
    }
}

/// Runs every case of a kind, several at a time, and fails with all that went wrong.
fn run_all(kind: &str, check: fn(&Case) -> Result<(), String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(kind);
    let folders = entries(&root);
    assert!(!folders.is_empty(), "no cases in {}", root.display());

    let next = AtomicUsize::new(0);
    let failures = Mutex::new(BTreeMap::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(folders.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = Case::load(folder.clone()).and_then(|case| check(&case)) {
                        failures.lock().expect("no worker panicked").insert(file_name(folder), error);
                    }
                }
            });
        }
    });

    let failures = failures.into_inner().expect("no worker panicked");
    if !failures.is_empty() {
        let shown: Vec<String> =
            failures.iter().map(|(name, error)| format!("--- {kind}/{name}\n{}", error.trim_end())).collect();
        panic!("{} of {} cases failed\n\n{}\n", failures.len(), folders.len(), shown.join("\n\n"));
    }
}

/// Runs `check` for each variant of a case whose files are `files`; variants that fail in the same way are shown once.
fn each_variant(case: &Case, files: &[&[u8]], check: impl Fn(Variant) -> Result<(), String>) -> Result<(), String> {
    if case.plain_only {
        return check(Variant::Plain);
    }
    for file in files {
        if !file.ends_with(b"\n") || file.starts_with(BOM) || file.contains(&b'\r') {
            return Err(
                "the files are not LF, without byte order mark and with a final newline (see `variants`)".into()
            );
        }
    }
    let mut errors: Vec<(String, Vec<Variant>)> = Vec::new();
    for variant in Variant::ALL {
        if let Err(error) = check(variant) {
            match errors.iter_mut().find(|(known, _)| *known == error) {
                Some((_, variants)) => variants.push(variant),
                None => errors.push((error, vec![variant])),
            }
        }
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(errors.iter().map(|(error, variants)| format!("{variants:?}: {error}")).collect::<Vec<_>>().join("\n"))
}

fn succeeds(output: &Output) -> Result<(), String> {
    match output.status.code() {
        Some(0) => Ok(()),
        code => Err(format!("exit code {code:?}\n{}{}", text(&output.stdout), text(&output.stderr))),
    }
}

/// The report in the form of an `expected` file.
fn reported(report: &Value, file: &str) -> Result<Vec<String>, String> {
    if report["version"] != 1 {
        return Err(format!("the report has version {}", report["version"]));
    }
    let list = |key: &str| report[key].as_array().cloned().ok_or_else(|| format!("the report has no {key}"));
    let errors = list("errors")?;
    if !errors.is_empty() {
        return Err(format!("the report has errors: {}", Value::from(errors)));
    }

    let mut lines = Vec::new();
    for finding in list("findings")? {
        let field = |key: &str| finding[key].as_str().ok_or_else(|| format!("a finding has no {key}: {finding}"));
        if field("file")?.trim_start_matches("./") != file {
            return Err(format!("a finding is in another file: {finding}"));
        }
        let line = finding["line"].as_u64().ok_or_else(|| format!("a finding has no line: {finding}"))?;
        let what = match field("outcome")? {
            "left" => field("reason")?,
            outcome => outcome,
        };
        lines.push(format!("{line} {what} {}", field("reference")?));
    }
    for skipped in list("skipped")? {
        let reason = skipped["reason"].as_str().ok_or_else(|| format!("a skipped file has no reason: {skipped}"))?;
        lines.push(format!("0 {reason} -"));
    }
    Ok(lines)
}

/// Both lists must be the same; the order counts only between lines of the file.
fn compare(expected: &[String], found: &[String]) -> Result<(), String> {
    let mut unexpected = found.to_vec();
    let mut missing = Vec::new();
    for line in expected {
        match unexpected.iter().position(|other| other == line) {
            Some(index) => drop(unexpected.remove(index)),
            None => missing.push(line.clone()),
        }
    }
    if missing.is_empty() && unexpected.is_empty() {
        return match found.is_sorted_by_key(|line| line_number(line)) {
            true => Ok(()),
            false => Err(format!("the findings are not in the order of the lines\n{}", found.join("\n"))),
        };
    }
    let marked =
        |mark: &str, lines: &[String]| lines.iter().map(|line| format!("\n  {mark} {line}")).collect::<String>();
    Err(format!("the report differs{}{}", marked("-", &missing), marked("+", &unexpected)))
}

fn line_number(line: &str) -> usize {
    line.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
}

/// The lines in which two texts differ, with what cannot be seen made visible.
fn difference(wanted: &[u8], found: &[u8]) -> String {
    let wanted: Vec<&[u8]> = wanted.split_inclusive(|byte| *byte == b'\n').collect();
    let found: Vec<&[u8]> = found.split_inclusive(|byte| *byte == b'\n').collect();
    let mut shown = String::from("the file differs (- wanted, + found)");
    if wanted.len() == found.len() {
        for (index, (wanted, found)) in wanted.iter().zip(&found).enumerate().filter(|(_, (a, b))| a != b) {
            shown += &format!("\n  {0}: - {1}\n  {0}: + {2}", index + 1, visible(wanted), visible(found));
        }
        return shown;
    }
    let same = wanted.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let (wanted, found) = (&wanted[same..], &found[same..]);
    let same_end = wanted.iter().rev().zip(found.iter().rev()).take_while(|(a, b)| a == b).count();
    for (mark, lines) in [('-', wanted), ('+', found)] {
        for (index, line) in lines[..lines.len() - same_end].iter().enumerate() {
            shown += &format!("\n  {}: {mark} {}", same + index + 1, visible(line));
        }
    }
    shown
}

fn visible(line: &[u8]) -> String {
    let shown = text(line).replace('\t', "\\t").replace('\r', "\\r").replace('\u{feff}', "\\u{feff}");
    match shown.strip_suffix('\n') {
        Some(line) => line.to_owned(),
        None => shown + "  (no newline)",
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = list.map(|entry| entry.expect("a folder entry").path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
