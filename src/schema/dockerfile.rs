//! Dockerfiles: what a stage is built from, and what is copied or mounted from other images.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::claim::Claim;
use super::collect::Collector;
use super::form::Declared;
use super::{Caution, Form};
use crate::reason::Reason;
use crate::syntax::{Kind, Language, Node, Style};

/// Searches the instructions of a Dockerfile in a text.
pub(super) fn inline(collector: &mut Collector, node: &Node<'_>, claim: Claim, contexts: &[String]) {
    let Some(scalar) = node.scalar() else { return };
    if let Ok(documents) = scalar.embedded(Language::Dockerfile) {
        collector.settle(node);
        collector.inside(scalar, |collector| {
            documents.iter().for_each(|document| dockerfile(collector, document, claim, contexts));
        });
    }
}

/// Searches the instructions of a Dockerfile; `contexts` are names that stand for something else in it.
pub(super) fn dockerfile(collector: &mut Collector, root: &Node<'_>, claim: Claim, contexts: &[String]) {
    let instructions: Vec<(&str, &Node<'_>)> = root
        .elements()
        .unwrap_or_default()
        .iter()
        .filter_map(|node| node.entries()?.first().map(|entry| (entry.key.as_ref(), &entry.value)))
        .collect();
    let first_stage = instructions.iter().position(|(name, _)| *name == "FROM").unwrap_or(instructions.len());
    let stages = instructions.iter().filter(|(name, _)| *name == "FROM").filter_map(|(_, words)| stage_name(words));
    let mut names: HashSet<String> = contexts.iter().map(|name| name.to_ascii_lowercase()).collect();
    let earlier = names.clone();
    names.extend(stages);
    let arguments = Arguments::of(&instructions[..first_stage], &instructions);
    let base = match instructions.get(first_stage) {
        // Another may be declared only where the file is nothing but this.
        Some((_, stage)) if !collector.is_within_text() => {
            let owned = |(name, default): &(&str, Option<&str>)| ((*name).to_owned(), default.map(str::to_owned));
            let arguments = arguments.declared.iter().map(owned).collect();
            Form::Word(Arc::new(Declared { arguments, first_stage: stage.span().start }))
        }
        _ => Form::Text,
    };
    let mut search = Search { arguments, names, earlier, claim, base };
    for (name, words) in &instructions {
        collector.at_key(name, |collector| search.instruction(collector, name, words));
    }
    search.finish(collector);
}

fn plain_words<'n, 'a>(words: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    words.elements().unwrap_or_default().iter().filter(|word| word.scalar().is_some())
}

/// What `AS` calls a stage, in small letters.
fn stage_name(words: &Node<'_>) -> Option<String> {
    let mut words = plain_words(words).skip(1);
    words.next()?.text()?.eq_ignore_ascii_case("as").then_some(())?;
    words.next()?.text().map(str::to_ascii_lowercase)
}

/// The image of a `FROM`, which is one word, or one with a name. Any other is of another language.
fn base<'n, 'a>(words: &'n Node<'a>) -> Option<&'n Node<'a>> {
    let plain: Vec<&Node<'_>> = plain_words(words).collect();
    match plain.as_slice() {
        [image] => Some(image),
        [image, _, _] if stage_name(words).is_some() => Some(image),
        _ => None,
    }
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

/// A search through the instructions, in their order.
struct Search<'n, 'a> {
    arguments: Arguments<'n, 'a>,
    /// The names of all stages, which are no images where something is copied from.
    names: HashSet<String>,
    /// The names of the stages so far, which are no images where a stage begins.
    earlier: HashSet<String>,
    claim: Claim,
    /// What may be filled in where a stage begins.
    base: Form,
}

impl<'n, 'a> Search<'n, 'a> {
    fn instruction(&mut self, collector: &mut Collector, name: &str, words: &'n Node<'a>) {
        match name {
            "FROM" => {
                let image = base(words).filter(|image| !self.earlier.contains(&small(image)));
                if let Some(image) = image {
                    // Within single quotes, nothing is filled in.
                    let is_verbatim =
                        image.scalar().is_some_and(|word| word.placement().style() == Style::SingleQuoted);
                    let form = if is_verbatim { Form::Text } else { self.base.clone() };
                    collector.with_form(form, |collector| self.base(collector, image));
                }
                self.earlier.extend(stage_name(words));
            }
            "COPY" | "RUN" => {
                for source in sources(words) {
                    let text = source.text().unwrap_or_default();
                    let is_index = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                    if !is_index && !self.names.contains(&small(source)) {
                        collector.image(source, self.claim);
                    }
                }
            }
            "syntax" => {
                collector.image(words, self.claim.with_caution(Some(Caution::never(Reason::NeedsLogin))));
            }
            _ => {}
        }
    }

    /// What a stage is built from.
    fn base(&mut self, collector: &mut Collector, image: &'n Node<'a>) {
        let text = image.text().unwrap_or_default();
        let Some((name, rest)) = leading_variable(text) else { return collector.image(image, self.claim) };
        let is_known = self.arguments.defaults.contains_key(name);
        match rest.strip_prefix('}') {
            Some("") if is_known => self.arguments.whole.entry(name).or_default().push(image),
            _ if rest.is_empty() && is_known => self.arguments.whole.entry(name).or_default().push(image),
            // A default within the variable counts for nothing where it has one already; or it names a stage.
            _ if rest.starts_with([':', '-']) && (is_known || self.names.contains(&default_within(rest))) => {
                self.arguments.leading.insert(name);
                collector.unresolved(text, image.span(), self.claim);
            }
            _ => {
                self.arguments.leading.insert(name);
                collector.image(image, self.claim);
            }
        }
    }

    /// A default that is used for nothing but whole images is changed where it stands.
    fn finish(self, collector: &mut Collector) {
        let Search { arguments, names, claim, .. } = self;
        for (name, defaults) in &arguments.defaults {
            let whole = arguments.whole.get(name).map_or(&[][..], Vec::as_slice);
            let all = arguments.uses.get(name).copied().unwrap_or_default();
            let is_followed = whole.len() == all && defaults.len() == 1 && !names.contains(&small(defaults[0]));
            let caution = match whole {
                [] if arguments.leading.contains(name) => Some(Caution::never(Reason::Incomplete)),
                [] => continue,
                _ if is_followed => None,
                _ => Some(Caution::never(Reason::SharedValue)),
            };
            for default in defaults.iter().filter(|default| !names.contains(&small(default))) {
                collector.at_key("ARG", |collector| {
                    collector.at_key(name, |collector| collector.image(default, claim.with_caution(caution)));
                });
            }
            if !is_followed {
                collector.at_key("FROM", |collector| whole.iter().for_each(|image| collector.image(image, claim)));
            }
        }
    }
}

/// A node's text in small letters, as names of stages compare.
fn small(node: &Node<'_>) -> String {
    node.text().unwrap_or_default().to_ascii_lowercase()
}

/// The default in what follows a variable's name: `:-nginx}`.
fn default_within(rest: &str) -> String {
    rest.trim_start_matches(':').trim_start_matches('-').trim_end_matches('}').to_ascii_lowercase()
}

/// The variables with defaults before the first stage, and what `FROM` makes of them.
struct Arguments<'n, 'a> {
    /// All that stand before the first stage, with their defaults.
    declared: Vec<(&'n str, Option<&'n str>)>,
    defaults: HashMap<&'n str, Vec<&'n Node<'a>>>,
    /// How often each variable is used, in any instruction.
    uses: HashMap<&'n str, usize>,
    /// The images that are one variable and nothing else.
    whole: HashMap<&'n str, Vec<&'n Node<'a>>>,
    /// The variables that images begin with.
    leading: HashSet<&'n str>,
}

impl<'n, 'a> Arguments<'n, 'a> {
    fn of(before: &[(&'n str, &'n Node<'a>)], all: &[(&'n str, &'n Node<'a>)]) -> Self {
        let mut defaults: HashMap<&str, Vec<&Node<'_>>> = HashMap::new();
        let mut declared = Vec::new();
        for (_, words) in before.iter().filter(|(name, _)| *name == "ARG") {
            declared.extend(plain_words(words).filter_map(Node::text).map(|name| (name, None)));
            for entry in words.elements().unwrap_or_default().iter().filter_map(Node::entries).flatten() {
                declared.push((&entry.key, Some(entry.value.text().unwrap_or_default())));
                defaults.entry(&entry.key).or_default().push(&entry.value);
            }
        }
        let mut uses = HashMap::new();
        for (index, (name, words)) in all.iter().enumerate() {
            count_uses(words, &mut uses);
            // A stage that takes the variable over may use it in a script, which is not read.
            if *name == "ARG" && index >= before.len() {
                plain_words(words).filter_map(Node::text).for_each(|name| *uses.entry(name).or_default() += 1);
            }
        }
        Arguments { declared, defaults, uses, whole: HashMap::new(), leading: HashSet::new() }
    }
}

/// The variable that a text begins with, and what follows its name, the closing bracket included.
fn leading_variable(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('$')?;
    let rest = rest.strip_prefix('{').unwrap_or(rest);
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (length > 0).then(|| rest.split_at(length))
}

/// Counts the variables in each text.
fn count_uses<'n>(node: &'n Node<'_>, uses: &mut HashMap<&'n str, usize>) {
    if let Kind::Scalar(scalar) = &node.kind {
        for part in scalar.value().split('$').skip(1) {
            let part = part.strip_prefix('{').unwrap_or(part);
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
            *uses.entry(&part[..end]).or_default() += 1;
        }
    }
    node.children().into_iter().for_each(|child| count_uses(child, uses));
}
