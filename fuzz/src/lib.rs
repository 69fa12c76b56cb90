//! What holds for any bytes, a function a target: it panics where it does not hold.
//!
//! `tests/fuzz_corpus.rs` of the crate takes this file in as it is, and runs the same functions over `fuzz/corpus`.

use std::ops::Range;

use ecrewrite::engine::{check_in, rewrite_in};
use ecrewrite::syntax::{Kind, Language, Node, Scalar, Style, documents};
use ecrewrite::{
    Applicability, CacheRule, CdkStyle, Context, Direction, FileReport, Finding, Format, ImageRef, Kinds,
    OfficialRoute, Options, Outcome, Policy, Registry, Rewritten, Source, Span, Spelling, Verdict,
};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What holds for any bytes: it panics where it does not.
pub type Property = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Property)] = &[
    ("json", json),
    ("yaml", yaml),
    ("hcl", hcl),
    ("dockerfile", dockerfile),
    ("toml", toml),
    ("template", template),
    ("reference", reference),
    ("check", check),
    ("rewrite", rewrite),
    #[cfg(feature = "cdk-source")]
    ("program", program),
];

/// A file name of each format. The first byte of an input of `check` and `rewrite` chooses one: `!` the first, `"` the
/// second, and so on.
pub const NAMES: [&str; 62] = [
    "a.json",
    "a.yaml",
    "a.yml",
    "a.template",
    "a.tf",
    "a.tofu",
    "a.tf.json",
    "a.tofu.json",
    "a.tfvars",
    "a.tfvars.json",
    "a.tftpl",
    "a.json.tpl",
    "a.yaml.tpl",
    "a.yml.tpl",
    "a.tf.tpl",
    "a.json.j2",
    "a.yaml.j2",
    "a.yml.j2",
    "a.yaml.tmpl",
    "a.json.tmpl",
    "a.yaml.gotmpl",
    "a.yaml.jinja2",
    "templates/a.yaml",
    "values.yaml",
    "imagedefinitions.json",
    "Dockerfile",
    "Dockerfile.dev",
    "a.dockerfile",
    "Containerfile",
    "Containerfile.dev",
    "a.containerfile",
    "compose.yml",
    "compose.yaml",
    "compose.dev.yml",
    "compose.dev.yaml",
    "docker-compose.yml",
    "docker-compose.yaml",
    ".github/workflows/a.yml",
    ".github/workflows/a.yaml",
    "action.yml",
    "action.yaml",
    "a.gitlab-ci.yml",
    ".gitlab/a.yml",
    ".gitlab/a.yaml",
    ".circleci/a.yml",
    ".circleci/a.yaml",
    "buildspec.yml",
    "buildspec.yaml",
    "copilot/a/manifest.yml",
    "skaffold.yaml",
    "skaffold.yml",
    "devcontainer.json",
    ".devcontainer.json",
    "docker-bake.hcl",
    "docker-bake.json",
    "Dockerrun.aws.json",
    "bitbucket-pipelines.yml",
    "azure-pipelines.yml",
    ".buildkite/a.yml",
    "kustomization",
    "kustomization.yaml",
    "samconfig.toml",
];

/// The same of programs, for inputs of `program`.
#[cfg(feature = "cdk-source")]
pub const PROGRAMS: &[&str] = &[
    "a.ts",
    "a.tsx",
    "a.js",
    "a.py",
    "a.java",
    "a.go",
    #[cfg(feature = "cdk-source-csharp")]
    "a.cs",
];

/// The byte of the first of the names, and that of the default options.
const FIRST: u8 = b'!';
const DEFAULTS: u8 = b'@';

/// The bytes that make an input of `check` and `rewrite` out of the text of a file: its name, and which options.
///
/// `None` if no name of the list is read in the same way.
pub fn header(name: &str, given: &Given) -> Option<[u8; 2]> {
    header_in(&NAMES, name, given)
}

/// The same for `program`.
#[cfg(feature = "cdk-source")]
pub fn program_header(name: &str, given: &Given) -> Option<[u8; 2]> {
    header_in(PROGRAMS, name, given)
}

fn header_in(names: &[&str], name: &str, given: &Given) -> Option<[u8; 2]> {
    let same = |other: &&str| Format::of_path(other) == Format::of_path(name);
    let exact = names.iter().position(|other| *other == name);
    let index = exact.or_else(|| names.iter().position(same))?;
    let bits =
        [given.is_unsafe, given.all_kinds, given.kustomize_add, given.drop_credentials, given.expressions, given.rules];
    let set = bits.iter().enumerate().map(|(bit, is_set)| u8::from(*is_set) << bit).sum::<u8>();
    Some([FIRST + u8::try_from(index).ok()?, DEFAULTS ^ set])
}

/// What a user asked for, as the second byte of an input says: `@` is nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given {
    /// `--unsafe`.
    pub is_unsafe: bool,
    /// `--also all`.
    pub all_kinds: bool,
    /// `--kustomize-add`.
    pub kustomize_add: bool,
    /// `--drop-credentials`.
    pub drop_credentials: bool,
    /// An expression for the registry in each language.
    pub expressions: bool,
    /// A rule for each upstream.
    pub rules: bool,
    /// `--cdk-style repository`: in no byte, since programs are rewritten in both styles.
    pub repositories: bool,
}

impl Given {
    fn of(byte: u8) -> Self {
        let bit = |bit: u8| (byte ^ DEFAULTS) >> bit & 1 == 1;
        Given {
            is_unsafe: bit(0),
            all_kinds: bit(1),
            kustomize_add: bit(2),
            drop_credentials: bit(3),
            expressions: bit(4),
            rules: bit(5),
            repositories: false,
        }
    }

    fn options(self) -> Options {
        let mut options = Options::default();
        options.threshold = if self.is_unsafe { Applicability::Unsafe } else { Applicability::Safe };
        options.also = if self.all_kinds { Kinds::on_request() } else { Kinds::default() };
        options.kustomize_add = self.kustomize_add;
        options.drop_credentials = self.drop_credentials;
        options.cdk_style = if self.repositories { CdkStyle::Repository } else { CdkStyle::Registry };
        options
    }

    fn policy(self) -> Policy {
        let registry = Registry::new(Some("111122223333"), Some("eu-central-1")).expect("both are well-formed");
        let rules: &[&str] = match self.rules {
            true => {
                &["registry-1.docker.io=docker-hub", "quay.io=quay", "ghcr.io=github", "registry.k8s.io=kubernetes"]
            }
            false => &[],
        };
        let rules: Vec<CacheRule> = rules.iter().map(|rule| rule.parse().expect("it is a rule")).collect();
        let policy = Policy::new(registry, rules, OfficialRoute::EcrPublic).expect("the rules fit");
        let expressions = [
            "terraform=local.registry",
            "cloudformation=${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}",
            "helm={{ .Values.registry }}",
            "dockerfile=REGISTRY",
            "typescript",
            "python",
        ];
        match self.expressions {
            true => policy.with_expressions(expressions.iter().filter_map(|text| text.parse().ok()).collect()),
            false => policy,
        }
    }
}

/// JSON: the parser's own promises, and that it takes what `serde_json` takes and reads the same in it.
pub fn json(bytes: &[u8]) {
    parser(Language::Json, "a.json", bytes);
    parser(Language::JsonWithComments, "devcontainer.json", bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = Source::new("a.json", text);
    let ours = documents(Language::Json, &source);
    // Both have a limit, and not the same; a byte order mark is an error to the other.
    if text.starts_with('\u{feff}') || text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > 100 {
        return;
    }
    let theirs = serde_json::from_str::<IgnoredAny>(text);
    assert_eq!(ours.is_ok(), theirs.is_ok(), "ours: {:?}, theirs: {theirs:?}", ours.as_ref().err());
    // What it ignores it does not decode: a lone surrogate is an error only here.
    if let (Ok(ours), Ok(Words(theirs))) = (ours, serde_json::from_str(text)) {
        let mut words = Vec::new();
        ours.iter().for_each(|node| strings(node, &mut words));
        assert_eq!(words, theirs);
    }
}

/// The promises of the YAML parser.
pub fn yaml(bytes: &[u8]) {
    parser(Language::Yaml, "a.yaml", bytes);
}

/// The promises of the HCL parser.
pub fn hcl(bytes: &[u8]) {
    parser(Language::Hcl, "a.tf", bytes);
}

/// The promises of the Dockerfile parser.
pub fn dockerfile(bytes: &[u8]) {
    parser(Language::Dockerfile, "Dockerfile", bytes);
}

/// The promises of the TOML parser.
pub fn toml(bytes: &[u8]) {
    parser(Language::Toml, "samconfig.toml", bytes);
}

/// Templates have no tree of their own: what is found in them is checked, under each kind of actions.
pub fn template(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let given = Given { all_kinds: true, is_unsafe: true, rules: true, ..Given::default() };
    for name in ["a.tftpl", "a.yaml.tpl", "templates/a.yaml", "a.json.j2"] {
        for given in [given, Given { expressions: true, ..given }] {
            rewritten(name, text, given);
        }
    }
}

/// References: a parsed one prints back and its parts agree; a verdict is final.
pub fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // `{…}` is a hole in the second reading.
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|start| at + start) {
        at = text[start..].find('}').map_or(text.len(), |end| start + end + 1);
        holes.push(start..at);
    }
    let whole = ImageRef::parse(text);
    let with_holes = ImageRef::parse_with_holes(text, &holes);
    if holes.is_empty() {
        assert_eq!(whole, with_holes);
    }
    for image in [whole, with_holes].into_iter().flatten() {
        assert_eq!(image.as_str(), text);
        assert_eq!(image.to_string(), text);
        assert_eq!(format!("{}{}", image.name(), image.tail()), text);
        assert_eq!(&text[image.repository_range()], image.repository());
        let host = image.registry().map(|host| format!("{host}/")).unwrap_or_default();
        assert_eq!(image.name(), format!("{host}{}", image.repository()));
        let tag = image.tag().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = image.digest().map(|digest| format!("@{digest}")).unwrap_or_default();
        assert_eq!(image.tail(), format!("{tag}{digest}"));
        assert!(holes.iter().all(|hole| hole.start >= image.name().len() || !text.contains('{')), "a hole in the name");
        assert!(ImageRef::parse(image.name()).is_ok(), "without its tail it is a reference too");
        for rules in [false, true] {
            let policy = Given { rules, ..Given::default() }.policy();
            let Verdict::Rewrite(target) = policy.verdict(&image) else { continue };
            let there = ImageRef::parse(&target.name()).expect("the new name is a reference");
            assert_eq!(policy.verdict(&there), Verdict::Cached(target.clone()), "a second run changes nothing");
            for short in [true, false] {
                let Some(back) = policy.upstream_name(&target, short) else { continue };
                let back = ImageRef::parse(&back).expect("the way back leads to a reference");
                assert_eq!(policy.verdict(&back), Verdict::Rewrite(target.clone()), "and from there here again");
            }
        }
    }
}

/// `check` of any text under each format.
pub fn check(bytes: &[u8]) {
    let Some((name, given, text)) = input(bytes) else { return };
    let source = Source::new(name, text);
    let report = check_in(&source, &given.policy(), given.options(), &context());
    report_holds(&source, &report, given);
}

/// `rewrite` of any text under each format: nothing but its references changes, once, and they can be had back.
pub fn rewrite(bytes: &[u8]) {
    let Some((name, given, text)) = input(bytes) else { return };
    rewritten(name, text, given);
}

/// Programs: the promises of their parser, and of `rewrite` in both styles.
#[cfg(feature = "cdk-source")]
pub fn program(bytes: &[u8]) {
    let Some((name, given, text)) = input_in(PROGRAMS, bytes) else { return };
    let Some(Format::Program(language)) = Format::of_path(name) else { panic!("{name} is no program") };
    parser(language, name, text.as_bytes());
    for repositories in [false, true] {
        rewritten(name, text, Given { repositories, ..given });
    }
}

/// Name, options and text of an input.
fn input(bytes: &[u8]) -> Option<(&'static str, Given, &str)> {
    input_in(&NAMES, bytes)
}

fn input_in<'n, 'b>(names: &[&'n str], bytes: &'b [u8]) -> Option<(&'n str, Given, &'b str)> {
    let [name, given, text @ ..] = bytes else { return None };
    let name = names[usize::from(name.wrapping_sub(FIRST)) % names.len()];
    Some((name, Given::of(*given), std::str::from_utf8(text).ok()?))
}

fn context() -> Context {
    Context::default().with_chart_templates(["templates/a.yaml".to_owned()])
}

/// What holds for every report: places on characters of the text, in order, and changes within them.
fn report_holds(source: &Source, report: &FileReport, given: Given) {
    let text = source.text();
    assert_eq!(report.path, source.path());
    assert!(report.findings.is_sorted_by_key(|finding| finding.span), "findings in the order of the file");
    assert!(report.error.as_ref().is_none_or(|error| error.offset <= text.len()), "an error within the text");
    for finding in &report.findings {
        assert!(text.get(finding.span.range()).is_some(), "{:?} lies on characters", finding.span);
        assert!(finding.credentials.is_none_or(|span| text.get(span.range()).is_some()), "so do credentials");
    }
    for (finding, to, fix) in report.rewrites() {
        assert!(!fix.edits.is_empty() && finding.reference != to, "a change changes something");
        assert!(fix.edits.is_sorted(), "edits in the order of the file");
        assert!(fix.edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "edits do not overlap");
        for edit in &fix.edits {
            assert!(text.get(edit.span.range()).is_some(), "{edit:?} lies on characters");
        }
        // These put an entry beside the value, or take one away; a repository takes another function and an import.
        if !given.kustomize_add && !given.drop_credentials && !given.expressions && !given.repositories {
            // A registry may be a value of its own, before or behind the rest.
            let within = |span: Span| finding.span.start <= span.start && span.end <= finding.span.end;
            let outside = fix.edits.iter().filter(|edit| !within(edit.span)).count();
            assert!(outside == 0 || outside == 1 && fix.edits.len() == 2, "{:?} of {finding:?}", fix.edits);
        }
    }
}

/// Rewrites a text, and checks the promises.
fn rewritten(name: &str, text: &str, given: Given) {
    let (policy, options, context) = (given.policy(), given.options(), context());
    let source = Source::new(name, text);
    let Rewritten { report, text: new, .. } = rewrite_in(&source, &policy, options, &context);
    report_holds(&source, &report, given);
    let Some(new) = new else {
        assert_eq!(report.rewrites().count(), 0, "what is not written is not called rewritten");
        return;
    };
    outside_edits_holds(text, &new, &report);

    let changed = Source::new(name, new.as_str());
    let again = rewrite_in(&changed, &policy, options, &context);
    assert_eq!(again.text, None, "a second run changes nothing");
    assert_eq!(again.report.rewrites().count(), 0);
    assert_eq!(again.report.findings.len(), report.findings.len());

    // An expression makes a function of a string, and entries come or go: not the same tree.
    if given.expressions || given.kustomize_add || given.drop_credentials || given.repositories {
        return;
    }
    let edited: Vec<Span> = report.rewrites().flat_map(|(_, _, fix)| &fix.edits).map(|edit| edit.span).collect();
    for language in languages(name) {
        let Ok(before) = documents(language, &source) else { continue };
        let after = documents(language, &changed).expect("it is still in its language");
        assert_eq!(before.len(), after.len(), "documents");
        before.iter().zip(&after).for_each(|(before, after)| same_but_for(before, after, &edited, 0));
        break;
    }
    back_holds(&source, &changed, &report, &policy, given);
}

/// Undoing each replacement gives the bytes as they were: nothing else changed.
fn outside_edits_holds(text: &str, new: &str, report: &FileReport) {
    let mut edits: Vec<_> = report.rewrites().flat_map(|(_, _, fix)| &fix.edits).collect();
    edits.sort();
    edits.dedup();
    let (mut old_at, mut new_at) = (0, 0);
    for edit in edits {
        let kept = edit.span.start - old_at;
        assert_eq!(text[old_at..edit.span.start], new[new_at..new_at + kept]);
        new_at += kept;
        assert!(new[new_at..].starts_with(&edit.text));
        new_at += edit.text.len();
        old_at = edit.span.end;
    }
    assert_eq!(text[old_at..], new[new_at..]);
}

/// The way back gives what was there where that was written in its canonical form, and always what leads here again.
fn back_holds(source: &Source, changed: &Source, report: &FileReport, policy: &Policy, given: Given) {
    let mut options = given.options();
    options.direction = Direction::ToUpstream(Spelling::Short);
    let Rewritten { text: back, .. } = rewrite_in(changed, policy, options, &context());
    let has_cached = report.findings.iter().any(|finding| matches!(finding.outcome, Outcome::Cached { .. }));
    if report.rewrites().all(|(finding, _, _)| is_canonical(finding, policy)) && !has_cached {
        assert_eq!(back.as_deref(), Some(source.text()), "the way back");
    }
    if let Some(back) = back {
        let back = Source::new(source.path(), back);
        let again = rewrite_in(&back, policy, given.options(), &context());
        if !has_cached {
            assert_eq!(again.text.as_deref(), Some(changed.text()), "the way there again");
        }
    }
}

/// Whether a reference is written as the way back writes it: an official image by its name alone, and so on.
fn is_canonical(finding: &Finding, policy: &Policy) -> bool {
    let name = finding.reference.split(['@', '{', '$']).next().unwrap_or_default();
    let Ok(image) = ImageRef::parse(name.trim_end_matches(':')) else { return false };
    let Verdict::Rewrite(target) = policy.verdict(&image) else { return false };
    policy.upstream_name(&target, true).as_deref() == Some(image.name())
}

/// The languages that a file of this name may be in, as the engine tries them.
fn languages(name: &str) -> Vec<Language> {
    match Format::of_path(name) {
        Some(Format::Named(
            _,
            language @ (Language::Json
            | Language::JsonWithComments
            | Language::Hcl
            | Language::Dockerfile
            | Language::Toml),
        )) => vec![language],
        Some(Format::Named(..)) => vec![Language::Yaml],
        Some(Format::Document(Language::Json)) => vec![Language::Json],
        Some(Format::Document(_)) => vec![Language::Json, Language::Yaml],
        Some(Format::Terraform(language) | Format::TerraformVariables(language)) => vec![language],
        #[cfg(feature = "cdk-source")]
        Some(Format::Program(language)) => vec![language],
        _ => Vec::new(),
    }
}

/// How many texts within texts are compared.
const LAYERS: usize = 4;

/// Two trees are one but for the texts in which bytes were edited.
fn same_but_for(before: &Node<'_>, after: &Node<'_>, edited: &[Span], layer: usize) {
    assert_eq!((before.tag(), before.anchor()), (after.tag(), after.anchor()));
    match (&before.kind, &after.kind) {
        (Kind::Mapping(one), Kind::Mapping(other)) => {
            assert_eq!(one.len(), other.len(), "entries");
            for (one, other) in one.iter().zip(other) {
                assert_eq!(one.key, other.key);
                same_but_for(&one.value, &other.value, edited, layer);
            }
        }
        (Kind::Call(one), Kind::Call(other)) => {
            assert_eq!(one.name, other.name);
            let arguments = one.arguments.iter().zip(&other.arguments);
            assert_eq!(one.arguments.len(), other.arguments.len(), "arguments");
            arguments.for_each(|(one, other)| same_but_for(one, other, edited, layer));
        }
        (Kind::Sequence(one), Kind::Sequence(other))
        | (Kind::Choice(one), Kind::Choice(other))
        | (Kind::Computed(one), Kind::Computed(other)) => {
            assert_eq!(one.len(), other.len(), "elements");
            one.iter().zip(other).for_each(|(one, other)| same_but_for(one, other, edited, layer));
        }
        (Kind::Scalar(one), Kind::Scalar(other)) => {
            assert_eq!(one.placement().style(), other.placement().style(), "the quotes");
            let span = one.placement().file_span();
            if !edited.iter().any(|edit| span.start <= edit.start && edit.end <= span.end) {
                assert_eq!((one.value(), one.holes()), (other.value(), other.holes()));
            } else if layer < LAYERS {
                assert_eq!(one.holes().len(), other.holes().len(), "holes");
                for language in [Language::Json, Language::Yaml] {
                    let Ok(inner) = one.embedded(language) else { continue };
                    // What is changed as text may be a key to whom reads on.
                    if edited.iter().all(|edit| inner.iter().any(|node| is_in_value(node, *edit, language))) {
                        let now = other.embedded(language).expect("the text within is still in its language");
                        assert_eq!(inner.len(), now.len(), "documents within");
                        inner.iter().zip(&now).for_each(|(one, other)| same_but_for(one, other, edited, layer + 1));
                    }
                    break;
                }
            }
        }
        (Kind::Alias(one), Kind::Alias(other)) => {
            assert_eq!((one.anchor, one.written), (other.anchor, other.written));
        }
        (Kind::Reference(one), Kind::Reference(other)) => assert_eq!(one, other),
        (one, other) => panic!("{one:?} became {other:?}"),
    }
}

/// Whether a span of the file lies in a text of a tree.
fn is_in_value(node: &Node<'_>, span: Span, language: Language) -> bool {
    let mut is_in = false;
    node.scalars(&mut |node| {
        let own = node.scalar().filter(|scalar| is_text(scalar.placement().style(), language));
        is_in |= own.is_some_and(|own| {
            let own = own.placement().file_span();
            own.start <= span.start && span.end <= own.end
        });
    });
    is_in
}

/// Whether any text may stand where one of this style does: not where a language has numbers and words like `true`.
fn is_text(style: Style, language: Language) -> bool {
    style != Style::Plain || matches!(language, Language::Yaml | Language::Dockerfile)
}

/// The same of programs, where all is plain: what ends with a quote is no number. What stands alone between brackets may be
/// the name of a part.
fn is_text_of_program(text: &str, scalar: &Scalar<'_>, language: Language) -> bool {
    let is_of_others = matches!(
        language,
        Language::Json
            | Language::JsonWithComments
            | Language::Yaml
            | Language::Hcl
            | Language::Dockerfile
            | Language::Toml
    );
    let span = scalar.placement().file_span();
    let (before, after) = (text[..span.start].trim_end(), text[span.end..].trim_start());
    let is_part = before.ends_with('[') && after.starts_with(']');
    !is_of_others && !is_part && text[span.range()].ends_with(['"', '\'', '`'])
}

/// What stands in place of a word to see whether a parser says truly where the word is.
const OTHER: &str = "other.test/a/b:1";

/// The promises of a parser: every node lies on characters of the text, and so does the bytes' account of each text. New
/// text written through it is read in its place, and all else as it was.
fn parser(language: Language, name: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = Source::new(name, text);
    let trees = match documents(language, &source) {
        Ok(trees) => trees,
        Err(error) => return assert!(error.offset <= text.len(), "{error:?} lies in the text"),
    };
    trees.iter().for_each(|tree| node_holds(tree, text, text));
    let mut count = 0;
    trees.iter().for_each(|tree| tree.scalars(&mut |_| count += 1));
    // Not all of a long text: the bytes choose which.
    let chosen = bytes.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    for at in (0..count.min(3)).map(|at| chosen.wrapping_add(at) % count) {
        let mut index = 0;
        trees.iter().for_each(|tree| {
            tree.scalars(&mut |node| {
                if index == at {
                    replaced_holds(language, &source, &trees, node, chosen);
                }
                index += 1;
            });
        });
    }
}

/// Replaces a word of a scalar, and of what is embedded in it, and reads the file again.
fn replaced_holds(language: Language, source: &Source, trees: &[Node<'_>], node: &Node<'_>, chosen: usize) {
    let Some(scalar) = node.scalar() else { return };
    if !is_text(scalar.placement().style(), language) && !is_text_of_program(source.text(), scalar, language) {
        return;
    }
    check_word(language, source, trees, scalar, LAYERS, chosen);
    for within in [Language::Json, Language::Yaml] {
        let Ok(inner) = scalar.embedded(within) else { continue };
        inner.iter().for_each(|tree| node_holds(tree, scalar.value(), source.text()));
        let mut placed = Vec::new();
        inner.iter().for_each(|tree| tree.scalars(&mut |node| placed.extend(node.scalar().cloned())));
        placed.retain(|scalar| is_text(scalar.placement().style(), within));
        if let Some(inner) = placed.get(chosen % placed.len().max(1)) {
            check_word(language, source, trees, inner, LAYERS - 1, chosen);
        }
    }
}

fn check_word(
    language: Language,
    source: &Source,
    trees: &[Node<'_>],
    scalar: &Scalar<'_>,
    layer: usize,
    chosen: usize,
) {
    let words = words(scalar);
    let Some(word) = words.get(chosen % words.len().max(1)) else { return };
    let Some(edit) = scalar.placement().replace(word.clone(), OTHER) else { return };
    let text = source.text();
    let line = text[..edit.span.start].rfind('\n').map_or(0, |end| end + 1);
    // The end of a heredoc and the directives change how all that follows is read.
    if language == Language::Dockerfile
        && (scalar.value().contains("<<") || text[line..].trim_start_matches('\u{feff}').trim_start().starts_with('#'))
    {
        return;
    }
    assert!(scalar.placement().span_of(word.clone()) == Some(edit.span), "both say the same of {word:?}");
    assert!(text.get(edit.span.range()).is_some(), "{edit:?} lies on characters");
    let new = format!("{}{}{}", &text[..edit.span.start], edit.text, &text[edit.span.end..]);
    let changed = Source::new(source.path(), new);
    let after = documents(language, &changed).unwrap_or_else(|error| panic!("{error:?} after {edit:?}"));
    assert_eq!(trees.len(), after.len(), "documents after {edit:?}");
    trees.iter().zip(&after).for_each(|(before, after)| same_but_for(before, after, &[edit.span], layer));
}

/// The words of a text that could be references, without those that touch a hole.
fn words(scalar: &Scalar<'_>) -> Vec<Range<usize>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"._/:@-".contains(byte);
    let mut words = Vec::new();
    let mut at = 0;
    for part in scalar.value().as_bytes().chunk_by(|one, other| is_word(one) == is_word(other)) {
        let range = at..at + part.len();
        let is_free = |hole: &ecrewrite::syntax::Hole| hole.range.end < range.start || range.end < hole.range.start;
        if is_word(&part[0]) && part[0].is_ascii_alphanumeric() && scalar.holes().iter().all(is_free) {
            words.push(range.clone());
        }
        at = range.end;
    }
    words
}

/// A node and all below it lie on characters of the text that was parsed, and of the file.
fn node_holds(node: &Node<'_>, parsed: &str, file: &str) {
    assert!(parsed.get(node.span().range()).is_some(), "{:?} lies on characters", node.span());
    if let Some(scalar) = node.scalar() {
        let value = scalar.value();
        assert!(file.get(scalar.placement().file_span().range()).is_some(), "the span of {value:?}");
        let mut free = 0;
        for hole in scalar.holes() {
            assert!(
                free <= hole.range.start && hole.range.start < hole.range.end,
                "holes in order: {:?}",
                scalar.holes()
            );
            assert!(value.get(hole.range.clone()).is_some(), "{hole:?} of {value:?}");
            free = hole.range.end;
        }
        let ends = value.char_indices().map(|(at, character)| at..at + character.len_utf8());
        for range in ends.take(200).chain([0..value.len(), 0..0, value.len()..value.len()]) {
            let Some(span) = scalar.placement().span_of(range.clone()) else { continue };
            let raw = file.get(span.range()).unwrap_or_else(|| panic!("{range:?} of {value:?} is at {span:?}"));
            // What stands for one character is that character, or an escape of it.
            let is_doubled = ["{{", "}}", "\"\""].contains(&raw);
            let is_escape = is_doubled || raw.starts_with(['\\', '\'', '$', '%', '\r', '\n', ' ', '\t']);
            let is_one = value[range.clone()].chars().count() == 1;
            assert!(!is_one || is_escape || raw == &value[range.clone()], "{raw:?} is {:?}", &value[range]);
        }
    }
    node.children().into_iter().for_each(|child| node_holds(child, parsed, file));
}

/// Keys and values of our tree, those that are strings.
fn strings(node: &Node<'_>, words: &mut Vec<String>) {
    match &node.kind {
        Kind::Mapping(entries) => {
            for entry in entries {
                words.push(entry.key.to_string());
                strings(&entry.value, words);
            }
        }
        Kind::Scalar(scalar) if scalar.placement().style() == Style::DoubleQuoted => {
            words.push(scalar.value().to_owned())
        }
        _ => node.children().into_iter().for_each(|child| strings(child, words)),
    }
}

/// Keys and values of a JSON text in their order, as `serde_json` reads them; of the values those that are strings.
struct Words(Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Words;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Words, E> {
        Ok(Words(vec![text.to_owned()]))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Words, E> {
        Ok(Words(Vec::new()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Words, E> {
        Ok(Words(Vec::new()))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Words, E> {
        Ok(Words(Vec::new()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Words, E> {
        Ok(Words(Vec::new()))
    }

    fn visit_unit<E>(self) -> Result<Words, E> {
        Ok(Words(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Words, A::Error> {
        let mut words = Vec::new();
        while let Some(Words(more)) = elements.next_element()? {
            words.extend(more);
        }
        Ok(Words(words))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Words, A::Error> {
        let mut words = Vec::new();
        while let Some((key, Words(more))) = entries.next_entry::<String, Words>()? {
            words.push(key);
            words.extend(more);
        }
        Ok(Words(words))
    }
}
