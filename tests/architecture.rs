//! The arrows between the rooms of the house: who may know whom. Read from the `crate::` paths in the sources.
//!
//! A new arrow is a decision: add it to the table with the reason in the change, or find the room where the code belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room of the library and the rooms it may know.
const ARROWS: [(&str, &[&str]); 33] = [
    ("source", &[]),
    ("destination", &[]),
    ("image", &[]),
    ("reason", &[]),
    ("upstream", &[]),
    ("registry", &[]),
    ("write", &["system"]),
    ("system", &[]),
    ("content", &[]),
    ("assembly", &["source", "content", "system"]),
    ("edit", &["source"]),
    ("optout", &["source"]),
    ("removal", &["source", "edit"]),
    ("syntax", &["source", "edit"]),
    ("schema", &["syntax", "source", "edit", "reason", "destination"]),
    ("policy", &["image", "upstream", "registry", "reason", "destination"]),
    ("finding", &["source", "edit", "reason", "schema", "syntax", "inventory"]),
    ("inventory", &["source", "syntax", "schema"]),
    ("home", &["source", "syntax", "schema", "registry"]),
    ("options", &["edit", "schema"]),
    ("context", &["schema"]),
    ("mention", &["source", "upstream"]),
    (
        "judge",
        &[
            "removal",
            "edit",
            "source",
            "destination",
            "options",
            "image",
            "schema",
            "syntax",
            "upstream",
            "registry",
            "policy",
            "reason",
            "finding",
            "optout",
        ],
    ),
    (
        "engine",
        &[
            "source",
            "edit",
            "image",
            "context",
            "options",
            "mention",
            "optout",
            "syntax",
            "schema",
            "policy",
            "reason",
            "finding",
            "judge",
            "inventory",
            "removal",
        ],
    ),
    ("explanation", &["image", "upstream", "policy", "finding"]),
    ("rewriter", &["source", "image", "options", "context", "schema", "policy", "finding", "engine", "explanation"]),
    ("emit", &["policy", "upstream", "registry"]),
    ("doctor", &["upstream", "finding", "image", "inventory", "policy", "reason", "registry", "schema", "emit"]),
    // The page names the registries that references come from.
    ("report", &["policy", "finding", "source", "edit", "reason", "doctor", "upstream", "registry"]),
    ("words", &["destination", "options", "policy", "schema"]),
    (
        "bindings",
        &[
            "words",
            "rewriter",
            "engine",
            "explanation",
            "report",
            "finding",
            "edit",
            "source",
            "options",
            "policy",
            "registry",
            "schema",
            "destination",
        ],
    ),
    (
        "config",
        &["words", "content", "options", "policy", "upstream", "schema", "destination", "source", "syntax", "system"],
    ),
    // How files are named, and which folders are assemblies.
    ("walk", &["source", "schema", "assembly", "content", "system"]),
];

/// What the rooms up to `engine` and `emit` must not touch: they turn text into text.
const IMPURE: [&str; 8] =
    ["std::fs", "std::env", "std::thread", "std::time", "std::net", "std::process", "println!", "print!("];
const PURE: [&str; 26] = [
    "words",
    "bindings",
    "explanation",
    "rewriter",
    "home",
    "removal",
    "doctor",
    "inventory",
    "context",
    "destination",
    "options",
    "mention",
    "source",
    "image",
    "optout",
    "reason",
    "upstream",
    "registry",
    "edit",
    "syntax",
    "schema",
    "policy",
    "finding",
    "judge",
    "engine",
    "emit",
];

/// The program's own files: they know the library by its name, as any user does.
const PROGRAM: &[&str] = &[
    "main",
    "manual",
    "origin",
    "effective",
    "init",
    "proposal",
    "dialogue",
    "progress",
    "listed",
    "output",
    "surroundings",
    "emission",
    "diagnose",
    "existing",
    "baseline",
    "reports",
    "args",
    "scan",
    "settings",
    "explain",
    "git",
    "undo",
];

/// The longest file that is still one thing.
const LINES_MAX: usize = 500;

#[test]
fn rooms_know_only_whom_they_may() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let mut wrong = Vec::new();
    for (room, file, text) in sources() {
        if PROGRAM.contains(&room.as_str()) || room == "lib" {
            continue;
        }
        let Some(allowed) = arrows.get(room.as_str()) else {
            wrong.push(format!("{}: the room `{room}` has no row in this test's table", file.display()));
            continue;
        };
        for known in rooms_in(&text).into_iter().filter(|known| *known != room && !allowed.contains(&known.as_str())) {
            wrong.push(format!("{}: `{room}` must not know `{known}`", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_touches_no_files_threads_or_output() {
    let mut wrong = Vec::new();
    for (room, file, text) in sources() {
        let found = IMPURE.iter().filter(|word| PURE.contains(&room.as_str()) && text.contains(**word));
        wrong.extend(found.map(|word| format!("{}: `{word}` in a pure room", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_does_not_know_the_program() {
    for (room, file, text) in sources() {
        let knows = ["clap::", "anstream::"].iter().any(|word| text.contains(word));
        assert!(
            !knows || PROGRAM.contains(&room.as_str()),
            "{}: only the program knows flags and terminals",
            file.display()
        );
    }
}

#[test]
fn no_room_is_crowded() {
    for (_, file, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX, "{}: {lines} lines; is there a second thing in it?", file.display());
    }
}

/// Each source file with its room (the top-level module) and the code before its tests, comments left out.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let source = |file: PathBuf| {
        let inside = file.strip_prefix(&root).expect("the file is below src");
        let room = inside.components().next().expect("it has a name").as_os_str().to_string_lossy();
        let room = room.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).expect("sources are readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (room, inside.to_owned(), code.join("\n"))
    };
    files.into_iter().map(source).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("its entries too").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The top-level modules that a text names as `crate::…`; an item re-exported at the top counts as a room of its own, so
/// that nobody goes around the table.
fn rooms_in(text: &str) -> BTreeSet<String> {
    let names = text.split("crate::").skip(1);
    names.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}
