//! A small tree of data, printed as JSON and as YAML: the same template in both.
//!
//! Comments are printed in YAML only, JSON has none.

use std::fmt::Write;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree {
    Text(String),
    Number(u32),
    Bool(bool),
    List(Vec<Tree>),
    Map(Vec<Entry>),
    /// A function of CloudFormation by its short name: `!Sub …` in YAML, `{"Fn::Sub": …}` in JSON.
    Call(&'static str, Box<Tree>),
}

/// A key with its value, and what is said before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    comment: Vec<String>,
    key: String,
    value: Tree,
}

/// An entry without a comment.
pub(super) fn entry(key: impl Into<String>, value: impl Into<Tree>) -> Entry {
    Entry { comment: Vec::new(), key: key.into(), value: value.into() }
}

impl Entry {
    /// The same, with lines of a comment.
    pub(super) fn saying(self, comment: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Entry { comment: comment.into_iter().map(Into::into).collect(), ..self }
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn value(&self) -> &Tree {
        &self.value
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Tree::Text(text.to_owned())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Tree::Text(text)
    }
}

impl From<Vec<Tree>> for Tree {
    fn from(items: Vec<Tree>) -> Self {
        Tree::List(items)
    }
}

impl From<Vec<Entry>> for Tree {
    fn from(entries: Vec<Entry>) -> Self {
        Tree::Map(entries)
    }
}

impl Tree {
    /// A list of texts.
    pub(super) fn texts(items: impl IntoIterator<Item = impl Into<String>>) -> Tree {
        Tree::List(items.into_iter().map(|item| Tree::Text(item.into())).collect())
    }

    /// A function of CloudFormation.
    pub(super) fn call(function: &'static str, value: impl Into<Tree>) -> Tree {
        Tree::Call(function, Box::new(value.into()))
    }

    /// As `jq .` prints it, with a final newline.
    pub(super) fn json(&self) -> String {
        let mut out = String::new();
        self.json_at(0, &mut out);
        out + "\n"
    }

    /// In one line without spaces.
    pub(super) fn compact(&self) -> String {
        let items = |items: Vec<String>| items.join(",");
        match self {
            Tree::List(list) => format!("[{}]", items(list.iter().map(Tree::compact).collect())),
            Tree::Map(entries) => {
                let entry = |entry: &Entry| format!("{}:{}", quoted(&entry.key), entry.value.compact());
                format!("{{{}}}", items(entries.iter().map(entry).collect()))
            }
            Tree::Call(function, value) => format!("{{{}:{}}}", quoted(&long_name(function)), value.compact()),
            _ => self.scalar_json(),
        }
    }

    fn json_at(&self, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        match self {
            Tree::List(items) if items.is_empty() => out.push_str("[]"),
            Tree::List(items) => {
                out.push_str("[\n");
                for (at, item) in items.iter().enumerate() {
                    let _ = write!(out, "{pad}  ");
                    item.json_at(depth + 1, out);
                    out.push_str(if at + 1 == items.len() { "\n" } else { ",\n" });
                }
                let _ = write!(out, "{pad}]");
            }
            Tree::Map(entries) => {
                out.push_str("{\n");
                for (at, entry) in entries.iter().enumerate() {
                    let _ = write!(out, "{pad}  {}: ", quoted(&entry.key));
                    entry.value.json_at(depth + 1, out);
                    out.push_str(if at + 1 == entries.len() { "\n" } else { ",\n" });
                }
                let _ = write!(out, "{pad}}}");
            }
            Tree::Call(function, value) => {
                let value = match value.as_ref() {
                    Tree::Text(text) if *function == "GetAtt" => Tree::texts(text.splitn(2, '.')),
                    value => value.clone(),
                };
                Tree::Map(vec![entry(long_name(function), value)]).json_at(depth, out);
            }
            _ => out.push_str(&self.scalar_json()),
        }
    }

    fn scalar_json(&self) -> String {
        match self {
            Tree::Number(number) => number.to_string(),
            Tree::Bool(value) => value.to_string(),
            Tree::Text(text) => quoted(text),
            Tree::List(_) | Tree::Map(_) | Tree::Call(..) => String::new(),
        }
    }

    /// In block style with a final newline. Entries of the two upper levels that are mappings themselves, and those with
    /// a comment beside them, stand apart by an empty line.
    pub(super) fn yaml(&self) -> String {
        let mut out = String::new();
        self.yaml_block(0, &mut out);
        out
    }

    /// The lines of a mapping or a list.
    fn yaml_block(&self, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        match self {
            Tree::Map(entries) => {
                for (at, Entry { comment, key, value }) in entries.iter().enumerate() {
                    let apart = match depth {
                        0 => matches!(value, Tree::Map(_)),
                        1 => at > 0 && entries.iter().any(|entry| matches!(entry.value, Tree::Map(_))),
                        _ => false,
                    };
                    // What follows its own heading needs no line between.
                    if apart && !out.is_empty() {
                        out.push('\n');
                    }
                    for line in comment {
                        let _ = writeln!(out, "{pad}{}", format!("# {line}").trim_end());
                    }
                    let _ = write!(out, "{pad}{}:", scalar(key));
                    value.yaml_value(depth + 1, out);
                }
            }
            Tree::List(items) => {
                for item in items {
                    let _ = write!(out, "{pad}-");
                    match item {
                        // The first line stands behind the dash.
                        Tree::Map(_) | Tree::List(_) => {
                            let mut block = String::new();
                            item.yaml_block(depth + 1, &mut block);
                            let _ = write!(out, " {}", block.trim_start());
                        }
                        _ => item.yaml_value(depth + 1, out),
                    }
                }
            }
            _ => {}
        }
    }

    /// What stands behind a key or a dash.
    fn yaml_value(&self, depth: usize, out: &mut String) {
        match self {
            Tree::Text(text) => {
                let _ = writeln!(out, " {}", scalar(text));
            }
            Tree::Number(_) | Tree::Bool(_) => {
                let _ = writeln!(out, " {}", self.scalar_json());
            }
            Tree::List(items) if items.is_empty() => out.push_str(" []\n"),
            Tree::List(_) | Tree::Map(_) => {
                out.push('\n');
                self.yaml_block(depth, out);
            }
            Tree::Call(function, value) => {
                let _ = write!(out, " !{function}");
                value.yaml_value(depth, out);
            }
        }
    }
}

fn long_name(function: &str) -> String {
    if function == "Ref" { "Ref".to_owned() } else { format!("Fn::{function}") }
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            _ => out.push(char),
        }
    }
    out + "\""
}

/// What YAML 1.1 would read as a boolean or as null.
const WORDS: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// A string that YAML reads as one: `ecr-public` is, `10` and `no` have to be quoted.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || " -._/:*${}()',;=@%<>+!?".contains(char))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    match is_plain {
        true => text.to_owned(),
        false if text.contains(['"', '\\']) && !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
        false => quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tree_in_two_languages() {
        let tree = Tree::from(vec![
            entry("Version", "2012-10-17"),
            entry(
                "Statement",
                vec![Tree::from(vec![entry("Effect", "Allow"), entry("Resource", Tree::call("Sub", "a:${B}/*"))])],
            )
            .saying(["why"]),
            entry("None", Vec::<Tree>::new()),
            entry("Join", Tree::call("Join", vec![Tree::from(","), Tree::texts(["no", "it's", "\"x\\"])])),
            entry("Count", Tree::Number(3)),
            entry("Is", Tree::Bool(true)),
        ]);
        let yaml = r#"Version: "2012-10-17"
# why
Statement:
  - Effect: Allow
    Resource: !Sub a:${B}/*
None: []
Join: !Join
  - ","
  - - "no"
    - it's
    - '"x\'
Count: 3
Is: true
"#;
        assert_eq!(tree.yaml(), yaml);
        let json = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Resource": {
        "Fn::Sub": "a:${B}/*"
      }
    }
  ],
  "None": [],
  "Join": {
    "Fn::Join": [
      ",",
      [
        "no",
        "it's",
        "\"x\\"
      ]
    ]
  },
  "Count": 3,
  "Is": true
}
"#;
        assert_eq!(tree.json(), json);
        let packed: String = json.split('\n').map(str::trim).collect::<String>().replace(": ", ":");
        assert_eq!(tree.compact(), packed);
    }
}
