//! The unified diff of a change, as `git apply` and `patch` take it.

use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use super::plain::is_hidden;

/// The difference between two texts of one file. A line ends with `\n` and nothing else, as it does for who applies it.
pub fn unified(path: &str, old: &str, new: &str) -> String {
    let name = path.trim_start_matches('/');
    let (before, after) = (named("a", name), named("b", name));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let diff = TextDiff::from_slices(&old, &new);
    let mut out = format!("--- {before}\n+++ {after}\n");
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(out, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let mark = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let line = change.value();
            let _ = write!(out, "{mark}{line}");
            if !line.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    out
}

/// The name of a file behind a folder's, as git writes it: in quotes where it would not end, or not read as it is, and with
/// a tab behind it where something else may follow.
fn named(folder: &str, name: &str) -> String {
    // So is what turns a line, or is a command in the log of a pipeline.
    let has_command = name.contains("##");
    let is_odd = |one: char| is_hidden(one) || matches!(one, '"' | '\\') || (has_command && one == '#');
    if !name.contains(is_odd) {
        let end = if name.contains(' ') { "\t" } else { "" };
        return format!("{folder}/{name}{end}");
    }
    let mut quoted = format!("\"{folder}/");
    for character in name.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            odd if is_odd(odd) => {
                for byte in odd.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
