//! Values for the parameters of CloudFormation templates, in files beside them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::claim::Claim;
use super::collect::Collector;
use super::names::{Name, name_of};
use super::stack::Use;
use super::{Caution, Certainty, Format, SiteKind, Stack};
use crate::reason::Reason;
use crate::syntax::{Language, Node, Scalar};

/// The key at the top of a document, behind its first line.
#[expect(clippy::expect_used, reason = "the pattern is fixed")]
static KEY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\nParameters:").expect("the pattern is one"));

impl Stack {
    /// Words of files that give values for parameters.
    pub const GIVEN_BY: [&str; 3] = ["ParameterKey", "parameter_overrides", "\"Parameters\""];

    /// Whether a file may have parameters, or values for them, though it has none of these words: a look that is cheap
    /// where it does not.
    pub fn may_have_parameters(path: &str, bytes: &[u8]) -> bool {
        let is_yaml = match Format::of_path(path) {
            Some(Format::Document(language)) => language == Language::Yaml,
            Some(Format::Named(SiteKind::CloudFormation, _)) => true,
            _ => return false,
        };
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        // A list of texts is rare, and one that begins with a name and `=` is rarer.
        if let Some(first) = text.strip_prefix(b"[").and_then(|list| list.trim_ascii_start().strip_prefix(b"\"")) {
            let name = first.iter().position(|byte| !byte.is_ascii_alphanumeric());
            if name.is_some_and(|end| first[end] == b'=') {
                return true;
            }
        }
        is_yaml && (text.starts_with(b"Parameters:") || KEY.is_match(text))
    }
}

/// A value for a parameter, in a file beside the template.
enum Given<'n, 'a> {
    Whole(&'n Node<'a>),
    Part(&'n Scalar<'a>, Range<usize>),
}

impl Given<'_, '_> {
    /// It is no image, whatever it is named.
    fn settle(&self, collector: &mut Collector) {
        if let Given::Whole(node) = self {
            collector.settle(node);
        }
    }
}

/// The values for the parameters of a template: what `aws cloudformation deploy` and SAM take. What they are for, the
/// template says; without it, those that are named like images are shown.
pub(super) fn parameter_values(collector: &mut Collector, root: &Node<'_>) {
    let mut sets: Vec<(String, Vec<(String, Given<'_, '_>)>)> = Vec::new();
    let listed = |node: &'_ Node<'_>| node.elements().is_some_and(|elements| !elements.is_empty());
    if listed(root) {
        sets.push((String::new(), list(root)));
    } else if root.get("Resources").is_none()
        && let Some(parameters) = root.get("Parameters")
    {
        sets.push(("Parameters".to_owned(), map(parameters)));
    }
    // An environment of SAM has commands, and those have parameters.
    for environment in root.entries().unwrap_or_default() {
        for command in environment.value.entries().unwrap_or_default() {
            let overrides = command.value.get("parameters").and_then(|all| all.get("parameter_overrides"));
            let Some(overrides) = overrides else { continue };
            let place = format!("{}.{}.parameters.parameter_overrides", environment.key, command.key);
            let given = match overrides.scalar() {
                Some(scalar) => pairs(scalar),
                None if overrides.entries().is_some() => map(overrides),
                None => list(overrides),
            };
            sets.push((place, given));
        }
    }
    for (place, given) in sets {
        let keys: Vec<&str> = given.iter().map(|(key, _)| key.as_str()).collect();
        let around = collector.around.clone();
        let stacks = around.stacks.of(&around.path, &keys);
        for (key, value) in &given {
            let claim = match (around.stacks.use_of(key, &stacks), name_of(key)) {
                (Use::Image(purpose), _) => purpose.claim(),
                (Use::Stored, _) => {
                    value.settle(collector);
                    continue;
                }
                (Use::Other, Name::Image(_)) => {
                    let claim = Claim::certain(SiteKind::CloudFormation).with_certainty(Certainty::Named);
                    claim.with_caution(Some(Caution::never(Reason::UnknownPlace)))
                }
                (Use::Other, _) => continue,
            };
            collector.at_place(&place, |collector| {
                collector.at_key(key, |collector| match value {
                    Given::Whole(node) => collector.image(node, claim),
                    Given::Part(scalar, range) => collector.part(scalar, range.clone(), claim, None),
                });
            });
        }
    }
}

/// `{"WebImage": "nginx:1"}`
fn map<'n, 'a>(node: &'n Node<'a>) -> Vec<(String, Given<'n, 'a>)> {
    let entries = node.entries().unwrap_or_default().iter();
    entries.map(|entry| (entry.key.to_string(), Given::Whole(&entry.value))).collect()
}

/// `[{"ParameterKey": "WebImage", "ParameterValue": "nginx:1"}]`, `["WebImage=nginx:1"]`
fn list<'n, 'a>(node: &'n Node<'a>) -> Vec<(String, Given<'n, 'a>)> {
    let mut given = Vec::new();
    for element in node.elements().unwrap_or_default() {
        match (element.get("ParameterKey").and_then(Node::text), element.get("ParameterValue"), element.scalar()) {
            (Some(key), Some(value), _) => given.push((key.to_owned(), Given::Whole(value))),
            (.., Some(scalar)) => given.extend(pairs(scalar)),
            _ => {}
        }
    }
    given
}

/// `WebImage=nginx:1 "Title=a b" Other="c"`, `ParameterKey=WebImage,ParameterValue=nginx:1`
fn pairs<'n, 'a>(scalar: &'n Scalar<'a>) -> Vec<(String, Given<'n, 'a>)> {
    let text = scalar.value();
    let mut given = Vec::new();
    for word in words(text) {
        let Some(equals) = text[word.clone()].find('=') else { continue };
        let key = text[word.start..word.start + equals].trim_matches(['"', '\'']);
        let (key, value) = match key {
            "ParameterKey" => {
                let Some((key, _)) = text[word.start + equals + 1..word.end].split_once(",ParameterValue=") else {
                    continue;
                };
                (key, word.start + equals + 1 + key.len() + ",ParameterValue=".len())
            }
            _ => (key, word.start + equals + 1),
        };
        let raw = &text[value..word.end];
        let lead = raw.len() - raw.trim_start_matches(['"', '\'']).len();
        let range = value + lead..value + raw.trim_end_matches(['"', '\'']).len().max(lead);
        given.push((key.trim_matches(['"', '\'']).to_owned(), Given::Part(scalar, range)));
    }
    given
}

/// The words of a text, quotes included; what is in quotes is one word.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if character.is_whitespace() => {
                words.extend(start.take().map(|start| start..at));
                continue;
            }
            _ => {}
        }
        start.get_or_insert(at);
    }
    words.extend(start.map(|start| start..text.len()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_quotes() {
        let text = "A=b  \"C=d e\" F=\"g h\"\nI='j'";
        let found: Vec<&str> = words(text).into_iter().map(|word| &text[word]).collect();
        assert_eq!(found, ["A=b", "\"C=d e\"", "F=\"g h\"", "I='j'"]);
    }
}
