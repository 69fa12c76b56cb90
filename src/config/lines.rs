//! On which line of a configuration something is said.

use std::collections::BTreeMap;

use crate::source::Source;
use crate::syntax::{Fragment, Language, Node, parse};

/// The lines of a configuration's values.
///
/// ```
/// use ecrewrite::config::Lines;
///
/// let lines = Lines::of("region: eu-central-1\nrules:\n  quay.io: quay\nexclude: [vendor/]\n");
/// assert_eq!(lines.at(&["region"]), Some(1));
/// assert_eq!(lines.at(&["rules", "quay.io"]), Some(3));
/// assert_eq!(lines.at(&["exclude", "0"]), Some(4));
/// assert_eq!(lines.at(&["account"]), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<Vec<String>, usize>);

impl Lines {
    /// Those of this text; none if it is not YAML.
    pub fn of(text: &str) -> Self {
        let source = Source::new("", text);
        let documents = parse(Language::Yaml, &Fragment::of_file(&source)).unwrap_or_default();
        let mut lines = BTreeMap::new();
        for document in &documents {
            add(document, &mut Vec::new(), &mut |way, offset| {
                lines.entry(way.to_vec()).or_insert_with(|| source.position(offset).line);
            });
        }
        Lines(lines)
    }

    /// The line of the value at the end of this way: keys, and the numbers of elements from 0.
    pub fn at(&self, way: &[&str]) -> Option<usize> {
        let way: Vec<String> = way.iter().map(|step| (*step).to_owned()).collect();
        self.0.get(&way).copied()
    }

    /// The keys right below this way, or the numbers of the elements there, with their lines.
    pub fn below<'l>(&'l self, way: &'l [&'l str]) -> impl Iterator<Item = (&'l str, usize)> {
        let is_below =
            move |known: &[String]| known.len() == way.len() + 1 && known.iter().zip(way).all(|(a, b)| a == b);
        let found = self.0.iter().filter(move |(known, _)| is_below(known));
        found.filter_map(|(known, line)| Some((known.last()?.as_str(), *line)))
    }
}

fn add(node: &Node<'_>, way: &mut Vec<String>, found: &mut dyn FnMut(&[String], usize)) {
    if !way.is_empty() {
        found(way, node.span().start);
    }
    let mut below = |step: String, node: &Node<'_>| {
        way.push(step);
        add(node, way, found);
        way.pop();
    };
    for entry in node.entries().unwrap_or_default() {
        below(entry.key.clone().into_owned(), &entry.value);
    }
    for (at, element) in node.elements().unwrap_or_default().iter().enumerate() {
        below(at.to_string(), element);
    }
}
