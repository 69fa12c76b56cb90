//! Dockerfiles: what a stage is built from, and what is copied or mounted from other images.

use std::collections::HashMap;

use super::Caution;
use super::collect::{Claim, Collector};
use crate::reason::Reason;
use crate::syntax::{Kind, Node};

/// Searches the instructions of a Dockerfile.
pub(super) fn dockerfile(collector: &mut Collector, root: &Node<'_>, claim: Claim) {
    let instructions: Vec<(&str, &Node<'_>)> = root
        .elements()
        .unwrap_or_default()
        .iter()
        .filter_map(|node| node.entries()?.first().map(|entry| (entry.key.as_ref(), &entry.value)))
        .collect();
    let first_stage = instructions.iter().position(|(name, _)| *name == "FROM").unwrap_or(instructions.len());
    let mut arguments = Arguments::of(&instructions[..first_stage], &instructions, claim);
    let stages: Vec<Option<String>> =
        instructions.iter().filter(|(name, _)| *name == "FROM").map(|(_, words)| stage_name(words)).collect();
    let is_stage =
        |stages: &[Option<String>], text: &str| stages.iter().flatten().any(|stage| stage.eq_ignore_ascii_case(text));
    let mut stage = 0;
    for (name, words) in &instructions {
        collector.at_key(name, |collector| match *name {
            "FROM" => {
                // Later stages are not known yet; an image may have the name of one.
                let earlier = &stages[..stage];
                stage += 1;
                let image = plain_words(words).next();
                if let Some(image) = image.filter(|image| !is_stage(earlier, image.text().unwrap_or_default())) {
                    arguments.image(collector, image);
                }
            }
            "COPY" | "RUN" => {
                for source in sources(words) {
                    let text = source.text().unwrap_or_default();
                    let is_index = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                    if !is_index && !is_stage(&stages, text) {
                        collector.image(source, claim);
                    }
                }
            }
            "syntax" => {
                collector.image(words, claim.with_caution(Some(Caution::never(Reason::NeedsLogin))));
            }
            _ => {}
        });
    }
    arguments.finish(collector);
}

fn plain_words<'n, 'a>(words: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    words.elements().unwrap_or_default().iter().filter(|word| word.scalar().is_some())
}

/// What `AS` calls a stage.
fn stage_name(words: &Node<'_>) -> Option<String> {
    let mut words = plain_words(words).skip(1);
    words.next()?.text()?.eq_ignore_ascii_case("as").then_some(())?;
    words.next()?.text().map(str::to_owned)
}

/// What an instruction copies or mounts from: `--from=…`, `--mount=…,from=…`.
fn sources<'n, 'a>(words: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    let flags = words.elements().unwrap_or_default().iter().filter_map(Node::entries).flatten();
    let source = |key: &str, value: &'n Node<'a>| match key {
        "--from" => Some(value),
        "--mount" => value.get("from"),
        _ => None,
    };
    flags.filter_map(|entry| source(&entry.key, &entry.value)).collect()
}

/// The variables with defaults before the first stage, and what `FROM` makes of them.
struct Arguments<'n, 'a> {
    defaults: Vec<(&'n str, &'n Node<'a>)>,
    /// How often each variable is used, in any instruction.
    uses: HashMap<&'n str, usize>,
    /// The images that are one variable and nothing else.
    whole: Vec<(&'n str, &'n Node<'a>)>,
    /// The variables that images begin with.
    leading: Vec<&'n str>,
    claim: Claim,
}

impl<'n, 'a> Arguments<'n, 'a> {
    fn of(before: &[(&'n str, &'n Node<'a>)], all: &[(&'n str, &'n Node<'a>)], claim: Claim) -> Self {
        let arguments = |instructions: &[(&'n str, &'n Node<'a>)]| -> Vec<(&'n str, &'n Node<'a>)> {
            let arguments = instructions.iter().filter(|(name, _)| *name == "ARG").map(|(_, words)| *words);
            let words = arguments.flat_map(|words| words.elements().unwrap_or_default());
            words.filter_map(Node::entries).flatten().map(|entry| (entry.key.as_ref(), &entry.value)).collect()
        };
        let mut uses = HashMap::new();
        for (index, (name, words)) in all.iter().enumerate() {
            count_uses(words, &mut uses);
            // A stage that takes the variable over may use it in a script, which is not read.
            if *name == "ARG" && index >= before.len() {
                plain_words(words).filter_map(Node::text).for_each(|name| *uses.entry(name).or_default() += 1);
            }
        }
        Arguments { defaults: arguments(before), uses, whole: Vec::new(), leading: Vec::new(), claim }
    }

    /// What a stage is built from.
    fn image(&mut self, collector: &mut Collector, image: &'n Node<'a>) {
        let text = image.text().unwrap_or_default();
        match leading_variable(text) {
            Some((name, rest)) if self.defaults.iter().any(|(known, _)| *known == name) => {
                if rest.is_empty() {
                    self.whole.push((name, image));
                } else {
                    self.leading.push(name);
                    collector.image(image, self.claim);
                }
            }
            _ => collector.image(image, self.claim),
        }
    }

    /// A default that is used for nothing but whole images is changed where it stands.
    fn finish(self, collector: &mut Collector) {
        for (name, default) in &self.defaults {
            let whole = self.whole.iter().filter(|(used, _)| used == name).count();
            let all = self.uses.get(name).copied().unwrap_or_default();
            let times = self.defaults.iter().filter(|(known, _)| known == name).count();
            let is_followed = whole > 0 && whole == all && times == 1;
            let caution = match whole {
                0 if self.leading.contains(name) => Some(Caution::never(Reason::Incomplete)),
                0 => continue,
                _ if is_followed => None,
                _ => Some(Caution::never(Reason::SharedValue)),
            };
            collector.at_key("ARG", |collector| {
                collector.at_key(name, |collector| collector.image(default, self.claim.with_caution(caution)));
            });
            if !is_followed {
                let uses = self.whole.iter().filter(|(used, _)| used == name);
                collector.at_key("FROM", |collector| uses.for_each(|(_, image)| collector.image(image, self.claim)));
            }
        }
    }
}

/// The variable that a text begins with, and what follows it: `$NAME`, `${NAME}`.
fn leading_variable(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('$')?;
    if let Some(braced) = rest.strip_prefix('{') {
        return braced.split_once('}').filter(|(name, _)| is_name(name));
    }
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (length > 0).then(|| rest.split_at(length))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Counts the variables in each text.
fn count_uses<'n>(node: &'n Node<'_>, uses: &mut HashMap<&'n str, usize>) {
    if let Kind::Scalar(scalar) = &node.kind {
        for part in scalar.value.split('$').skip(1) {
            let part = part.strip_prefix('{').unwrap_or(part);
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
            *uses.entry(&part[..end]).or_default() += 1;
        }
    }
    node.children().into_iter().for_each(|child| count_uses(child, uses));
}
