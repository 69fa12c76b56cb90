//! The table that all faces of the library share, `testdata/conformance.json`, as Rust sees it: the library, what the
//! bindings get of it, and the program. `bindings/npm` and `bindings/python` read the same table.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ecrewrite::bindings::{Face, Unit};
use serde_json::{Map, Value, json};

fn table() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn rows(table: &Value, key: &str) -> Vec<Value> {
    table[key].as_array().unwrap().clone()
}

/// The settings of a case, as bindings hand them over.
fn settings(case: &Value) -> String {
    let mut settings = case["options"].as_object().cloned().unwrap_or_default();
    settings.insert("policy".to_owned(), case["policy"].clone());
    Value::Object(settings).to_string()
}

fn face(case: &Value, unit: Unit) -> Face {
    Face::new(&settings(case), unit).unwrap_or_else(|error| panic!("{}: {error}", case["name"]))
}

fn parsed(document: Result<String, ecrewrite::bindings::Refused>) -> Value {
    serde_json::from_str(&document.unwrap()).unwrap()
}

/// What a slice of a text is in the language that counts so.
fn slice(text: &str, unit: Unit, start: usize, end: usize) -> String {
    match unit {
        Unit::Byte => text[start..end].to_owned(),
        Unit::Utf16 => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap(),
        Unit::CodePoint => text.chars().collect::<Vec<_>>()[start..end].iter().collect(),
    }
}

/// The text with the edits of all findings, from the last to the first, as a language makes them that counts so.
fn edited(text: &str, findings: &[Value], unit: Unit) -> String {
    let edits = findings.iter().flat_map(|finding| finding["edits"].as_array().cloned().unwrap_or_default());
    let at = |edit: &Value, key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
    let mut edits: Vec<_> =
        edits.map(|edit| (at(&edit, "start"), at(&edit, "end"), edit["text"].as_str().unwrap().to_owned())).collect();
    edits.sort();
    let length = slice_len(text, unit);
    let (mut out, mut copied) = (String::new(), 0);
    for (start, end, new) in edits {
        out += &slice(text, unit, copied, start);
        out += &new;
        copied = end;
    }
    out + &slice(text, unit, copied, length)
}

fn slice_len(text: &str, unit: Unit) -> usize {
    match unit {
        Unit::Byte => text.len(),
        Unit::Utf16 => text.encode_utf16().count(),
        Unit::CodePoint => text.chars().count(),
    }
}

const UNITS: [(Unit, &str); 3] = [(Unit::Byte, "bytes"), (Unit::Utf16, "utf16"), (Unit::CodePoint, "points")];

/// What differs between a finding and its row: each key of the row has to be there, and the place in this unit.
fn differences(found: &Value, row: &Map<String, Value>, unit: &str) -> Vec<String> {
    let mut expected: BTreeMap<&str, Value> = BTreeMap::new();
    for (key, value) in row.iter().filter(|(key, _)| !["bytes", "utf16", "points"].contains(&key.as_str())) {
        expected.insert(key, value.clone());
    }
    if let Some(span) = row.get(unit) {
        expected.insert("start", span[0].clone());
        expected.insert("end", span[1].clone());
    }
    let wrong = expected.into_iter().filter(|(key, value)| found[key] != *value);
    wrong.map(|(key, value)| format!("{key}: expected {value}, found {}", found[key])).collect()
}

#[test]
fn every_case_holds_in_every_unit() {
    let table = table();
    let cases = rows(&table, "cases");
    assert!(cases.len() >= 25);
    let mut wrong = Vec::new();
    for case in &cases {
        let (name, text) = (case["name"].as_str().unwrap(), case["text"].as_str().unwrap());
        let filename = case["filename"].as_str().unwrap();
        for (unit, key) in UNITS {
            let face = face(case, unit);
            let rewritten = parsed(face.rewrite(filename, text));
            let checked = parsed(face.check(filename, text));
            if rewritten["text"] != case["output"] || rewritten["changed"] != json!(case["output"] != case["text"]) {
                wrong.push(format!("{name}: it became\n{}", rewritten["text"].as_str().unwrap()));
            }
            for (report, rows) in
                [(&rewritten, &case["findings"]), (&checked, case.get("checked").unwrap_or(&case["findings"]))]
            {
                let (found, rows) = (report["findings"].as_array().unwrap(), rows.as_array().unwrap());
                if found.len() != rows.len() {
                    wrong.push(format!("{name}: {} findings, and not {}: {found:#?}", found.len(), rows.len()));
                    continue;
                }
                for (found, row) in found.iter().zip(rows) {
                    let differences = differences(found, row.as_object().unwrap(), key);
                    wrong.extend(differences.into_iter().map(|difference| format!("{name}: {difference}")));
                }
                let skipped: Vec<&Value> =
                    report["skipped"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
                assert_eq!(skipped, case.get("skipped").into_iter().collect::<Vec<_>>(), "{name}");
                let errors = report["errors"].as_array().unwrap().iter();
                let errors: Vec<Value> =
                    errors.map(|one| json!({"line": one["line"], "column": one["column"]})).collect();
                assert_eq!(json!(errors), case.get("errors").cloned().unwrap_or(json!([])), "{name}");
            }
            let found = rewritten["findings"].as_array().unwrap();
            assert_eq!(edited(text, found, unit), case["output"].as_str().unwrap(), "{name}: the edits in {key}");
            let again = parsed(face.rewrite(filename, case["output"].as_str().unwrap()));
            assert_eq!(again["changed"], json!(false), "{name}: a second time");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_that_belong_together() {
    for tree in rows(&table(), "trees") {
        let files: BTreeMap<String, String> = serde_json::from_value(tree["files"].clone()).unwrap();
        let face = face(&tree, Unit::Byte).with_files(&tree["files"].to_string()).unwrap();
        let mut outputs = Map::new();
        for (path, text) in &files {
            let rewritten = parsed(face.rewrite(path, text));
            if rewritten["changed"] == json!(true) {
                outputs.insert(path.clone(), rewritten["text"].clone());
            }
        }
        assert_eq!(Value::Object(outputs), tree["outputs"], "{}", tree["name"]);
    }
}

#[test]
fn references_are_explained() {
    for row in rows(&table(), "explained") {
        let face = Face::new(&json!({"policy": row["policy"]}).to_string(), Unit::Byte).unwrap();
        let explained = face.explain(row["reference"].as_str().unwrap());
        if let Some(expected) = row.get("error") {
            assert_eq!(explained.unwrap_err().to_string(), expected.as_str().unwrap());
            continue;
        }
        let mut expected = row.clone();
        let mut found = parsed(explained);
        let names: Vec<Value> = found["steps"].as_array().unwrap().iter().map(|step| step["name"].clone()).collect();
        found["steps"] = Value::Array(names);
        expected.as_object_mut().unwrap().remove("policy");
        // The sentence of a reason is not repeated in every row.
        if expected.get("message").is_none() {
            found.as_object_mut().unwrap().remove("message");
        }
        assert_eq!(found, expected);
    }
}

#[test]
fn settings_that_cannot_be_are_refused() {
    for row in rows(&table(), "refused") {
        let error = Face::new(&json!({"policy": row["policy"]}).to_string(), Unit::Byte).unwrap_err();
        assert_eq!(error.to_string(), row["error"].as_str().unwrap());
    }
}

/// The bindings say the same of a file, in the same words, as the program does.
#[test]
fn the_program_says_the_same() {
    for case in rows(&table(), "cases") {
        let name = case["name"].as_str().unwrap();
        let Some(arguments) = arguments(&case) else { continue };
        let filename = case["filename"].as_str().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
        command.args(["check", "-", "--format", "json", "--stdin-filename", filename]).args(arguments);
        for (variable, _) in std::env::vars_os() {
            let of_settings = variable.to_string_lossy();
            if ["AWS_", "ECREWRITE_"].iter().any(|start| of_settings.starts_with(start)) {
                command.env_remove(&variable);
            }
        }
        // No configuration stands there or above.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance");
        fs::create_dir_all(folder.join(".git")).unwrap();
        command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut run = command.spawn().unwrap();
        run.stdin.take().unwrap().write_all(case["text"].as_str().unwrap().as_bytes()).unwrap();
        let output = run.wait_with_output().unwrap();
        let printed: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{name}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
        let mut document = parsed(face(&case, Unit::Byte).check(filename, case["text"].as_str().unwrap()));
        for finding in document["findings"].as_array_mut().unwrap() {
            for key in ["start", "end", "edits", "applicability"] {
                finding.as_object_mut().unwrap().remove(key);
            }
        }
        assert_eq!(document, printed, "{name}");
    }
}

/// The settings of a case as arguments; `None` for those that only a configuration can say, and a file that the program
/// does not take by its name.
fn arguments(case: &Value) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    for (key, value) in case["policy"].as_object().unwrap() {
        match (key.as_str(), value) {
            ("account" | "region" | "official", value) => {
                arguments.extend([format!("--{key}"), value.as_str().unwrap().to_owned()]);
            }
            ("rules", rules) => {
                for (upstream, prefix) in rules.as_object().unwrap() {
                    arguments.push(format!("--rule={upstream}={}", prefix.as_str().unwrap()));
                }
            }
            ("registry_as", expressions) => {
                for (language, text) in expressions.as_object().unwrap() {
                    arguments.push(format!("--registry-as={language}={}", text.as_str().unwrap()));
                }
            }
            ("all_upstreams", _) => arguments.push("--all-upstreams".to_owned()),
            (key, _) => panic!("how {key} is an argument is not known here"),
        }
    }
    for (key, value) in case["options"].as_object().into_iter().flatten() {
        match key.as_str() {
            "also" => arguments.push(format!("--also={}", value[0].as_str().unwrap())),
            "drop_credentials" => arguments.push("--drop-credentials".to_owned()),
            _ => return None,
        }
    }
    (case["filename"] != "notes.txt").then_some(arguments)
}
