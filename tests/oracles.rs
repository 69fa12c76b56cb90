//! Independent readers judge the edits: after a rewrite, a document differs from what it was in the rewritten values only.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use ecrewrite::{OfficialRoute, Outcome, Policy, Registry, Rewriter};

/// Every scalar of the documents of a text, in their order, as `serde_yaml` or `serde_json` reads it.
fn scalars(name: &str, text: &str) -> Option<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut found = Vec::new();
    if name.ends_with(".json") {
        json_scalars(&serde_json::from_str(text).ok()?, &mut found);
    } else {
        for document in serde_yaml::Deserializer::from_str(text) {
            yaml_scalars(&serde::Deserialize::deserialize(document).ok()?, &mut found);
        }
    }
    Some(found)
}

fn json_scalars(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(values) => values.iter().for_each(|value| json_scalars(value, found)),
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                found.push(key.clone());
                json_scalars(value, found);
            }
        }
        serde_json::Value::String(text) => found.push(text.clone()),
        other => found.push(other.to_string()),
    }
}

fn yaml_scalars(value: &serde_yaml::Value, found: &mut Vec<String>) {
    match value {
        serde_yaml::Value::Sequence(values) => values.iter().for_each(|value| yaml_scalars(value, found)),
        serde_yaml::Value::Mapping(entries) => {
            for (key, value) in entries {
                yaml_scalars(key, found);
                yaml_scalars(value, found);
            }
        }
        serde_yaml::Value::Tagged(tagged) => {
            found.push(tagged.tag.to_string());
            yaml_scalars(&tagged.value, found);
        }
        serde_yaml::Value::String(text) => found.push(text.clone()),
        other => found.push(format!("{other:?}")),
    }
}

/// Text that holds documents, or a piece of a value that is put together, changes in its part: where the new text has a
/// reference, or its beginning, the old one had what it came from.
fn in_part(one: &str, other: &str, pairs: &[(&String, &str)]) -> bool {
    let whole = pairs.iter().fold(other.to_owned(), |text, (from, to)| text.replace(to, from));
    let lead = |(from, to): &(&String, &str)| {
        let shared = from.bytes().rev().zip(to.bytes().rev()).take_while(|(a, b)| a == b).count();
        other.replace(&to[..to.len() - shared], &from[..from.len() - shared]) == one
    };
    // Registry and repository may be values of their own.
    let halves =
        pairs.iter().fold(whole.clone(), |text, (from, to)| match (from.split_once('/'), to.split_once('/')) {
            (Some((host, repository)), Some((new_host, new_repository))) => {
                text.replace(new_host, host).replace(new_repository, repository)
            }
            _ => text,
        });
    whole == one || halves == one || pairs.iter().any(lead)
}

fn policy() -> Policy {
    let registry = Registry::new(Some("111122223333"), Some("us-east-1")).expect("both are well-formed");
    Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic).expect("the default rules fit")
}

#[test]
fn only_rewritten_values_differ_for_other_readers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rewrite");
    let (mut compared, mut changed) = (0, 0);
    for case in fs::read_dir(root).expect("the cases are there") {
        for file in fs::read_dir(case.expect("readable").path()).expect("a case is a folder") {
            let path = file.expect("readable").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            if !name.starts_with("in.") || ![".json", ".yaml"].iter().any(|ending| name.ends_with(ending)) {
                continue;
            }
            let old = fs::read_to_string(&path).expect("the cases are UTF-8");
            let rewritten = Rewriter::new(policy()).rewrite(&name, &old);
            let new = rewritten.text.clone().unwrap_or_else(|| old.clone());
            // Duplicate keys are one thing that these readers refuse.
            let (Some(before), Some(after)) = (scalars(&name, &old), scalars(&name, &new)) else { continue };
            assert_eq!(before.len(), after.len(), "{}", path.display());
            let pairs: Vec<_> = rewritten.report.rewrites().map(|(finding, to, _)| (&finding.reference, to)).collect();
            for (one, other) in before.iter().zip(&after).filter(|(one, other)| one != other) {
                let is_pair = pairs.iter().any(|(from, to)| *from == one && to == other);
                assert!(is_pair || in_part(one, other, &pairs), "{}: {one} became {other}", path.display());
                changed += 1;
            }
            compared += 1;
        }
    }
    assert!(compared > 60 && changed > 60, "only {compared} files with {changed} values were compared");
}

/// What a JSON text is to `serde_json`, it is to us: a document, or none.
#[test]
fn json_is_what_serde_says() {
    let texts = [
        "{}",
        "[]",
        " [1, -0, 0.5e+3, 1E9, true, false, null, \"a\\u00e9\\ud83d\\ude00\\/\"] ",
        "\"image\"",
        "",
        "{\"a\":1,\"a\":2}",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[-]",
        "[tru]",
        "[nul]",
        "[NaN]",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "[\"a\nb\"]",
        "[\"a",
        "[1 2]",
        "{} {}",
        "[1]]",
        "'a'",
        "[\u{a0}1]",
        "{\"image\": \"nginx\", }",
        "[\"\\\"]",
        "[\"\\\\\"]",
        "nullx",
        "[1e400]",
        "\u{1}",
        "[\"\t\"]",
    ];
    for text in texts {
        let report = Rewriter::new(policy()).check("a.json", text);
        let ours = report.error.is_none() && report.skipped.is_none();
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        assert_eq!(ours, theirs, "{text}");
    }
}

/// The same value in every spelling of JSON and YAML is found, and changed to the same value.
#[test]
fn spellings_of_one_value_become_one_value() {
    let spellings = [
        ("pod.json", "\"nginx:1\""),
        ("pod.json", "\"\\u006eginx:1\""),
        ("pod.yaml", "nginx:1"),
        ("pod.yaml", "'nginx:1'"),
        ("pod.yaml", "\"nginx:1\""),
        ("pod.yaml", "\"\\x6eginx:1\""),
        ("pod.yaml", "!!str nginx:1"),
        ("pod.yaml", "&web nginx:1"),
        ("pod.yaml", ">-\n          nginx:1"),
        ("pod.yaml", "|-\n          nginx:1"),
        ("pod.yaml", "\n          nginx:1"),
    ];
    for (name, spelling) in spellings {
        let text = if name.ends_with(".json") {
            format!("{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{{\"containers\":[{{\"image\":{spelling}}}]}}}}")
        } else {
            format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: {spelling}\n")
        };
        let rewritten = Rewriter::new(policy()).rewrite(name, &text);
        let new = rewritten.text.unwrap_or_else(|| panic!("{spelling}: {:?}", rewritten.report.findings));
        let value = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1";
        assert!(scalars(name, &new).expect("it is still a document").contains(&value.to_owned()), "{new}");
        assert!(matches!(rewritten.report.findings[0].outcome, Outcome::Rewrite { .. }));
    }
}
