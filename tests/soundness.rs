//! Generated documents with references planted in known places, among whatever else may stand there: a run changes the
//! planted bytes and no others, readers that are not ours see the same values everywhere else, a second run changes
//! nothing, and the way back gives the document back.
//!
//! A document is made as pieces, of which some are planted, so that what has to come out is known without looking at what
//! does. `PROPTEST_CASES` says how many documents of each language are made.

#![cfg(feature = "cli")]

use ecrewrite::{Direction, OfficialRoute, Options, Policy, Registry, Rewriter, Spelling};
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::Element;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const HOST: &str = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
/// How many documents of each language are made unless the environment says otherwise.
const CASES: u32 = 96;

/// A planted reference, and what it becomes.
#[derive(Debug, Clone)]
struct Planted {
    from: String,
    to: String,
}

/// A document in pieces: text that stays, and after each piece but the last a planted reference.
#[derive(Debug, Clone)]
struct Document {
    name: &'static str,
    kept: Vec<String>,
    planted: Vec<Planted>,
}

impl Document {
    /// A document of lines, in which the n-th `\u{1}` stands for the n-th reference.
    fn new(name: &'static str, lines: &str, references: &[Reference], ending: Ending) -> Self {
        let kept: Vec<String> = ending.end(lines).split('\u{1}').map(str::to_owned).collect();
        let planted = (1..kept.len()).map(|index| references[index % references.len()].planted(index)).collect();
        Document { name, kept, planted }
    }

    fn text(&self, of: impl Fn(&Planted) -> &str) -> String {
        let mut text = self.kept[0].clone();
        for (planted, kept) in self.planted.iter().zip(&self.kept[1..]) {
            text.push_str(of(planted));
            text.push_str(kept);
        }
        text
    }
}

/// How lines and the file end and begin.
#[derive(Debug, Clone, Copy)]
struct Ending {
    carriage_return: bool,
    mark: bool,
    last: bool,
}

impl Ending {
    fn end(self, lines: &str) -> String {
        let text = if self.last { lines } else { lines.trim_end_matches('\n') };
        let text = if self.carriage_return { text.replace('\n', "\r\n") } else { text.to_owned() };
        format!("{}{text}", if self.mark { "\u{feff}" } else { "" })
    }
}

fn ending() -> impl Strategy<Value = Ending> {
    any::<(bool, bool, bool)>().prop_map(|(carriage_return, mark, last)| Ending { carriage_return, mark, last })
}

/// A reference as people write it, without the number that makes it unlike all others.
#[derive(Debug, Clone)]
struct Reference {
    upstream: usize,
    path: String,
    digest: bool,
}

impl Reference {
    /// In the spelling that the way back gives.
    fn planted(&self, index: usize) -> Planted {
        let tail = if self.digest {
            format!(":t{index}@sha256:{}", "0123456789abcdef".repeat(4))
        } else {
            format!(":t{index}")
        };
        let Reference { path, .. } = self;
        let (from, to) = match self.upstream {
            0 => ("nginx".to_owned(), "ecr-public/docker/library/nginx".to_owned()),
            1 => (format!("quay.io/{path}"), format!("quay/{path}")),
            2 => (format!("registry.k8s.io/{path}"), format!("kubernetes/{path}")),
            _ => (format!("public.ecr.aws/{path}/x"), format!("ecr-public/{path}/x")),
        };
        Planted { from: from + &tail, to: format!("{HOST}/{to}{tail}") }
    }
}

fn references() -> impl Strategy<Value = Vec<Reference>> {
    let one = (0..4usize, "[a-z0-9]{1,6}([._-][a-z0-9]{1,4}){0,2}/[a-z0-9]{1,8}", any::<bool>());
    vec(one.prop_map(|(upstream, path, digest)| Reference { upstream, path, digest }), 1..4)
}

fn policy() -> Policy {
    let registry = Registry::new(Some("111122223333"), Some("us-east-1")).expect("both are well-formed");
    let rules = ["quay.io=quay", "registry.k8s.io=kubernetes"].map(|rule| rule.parse().expect("it is a rule"));
    Policy::new(registry, rules.to_vec(), OfficialRoute::EcrPublic).expect("the rules fit")
}

/// What holds for every document, whatever its language; gives the text back, and the text after the run.
fn runs(document: &Document) -> Result<(String, String), TestCaseError> {
    let run = |text: &str, options| Rewriter::new(policy()).with_options(options).rewrite(document.name, text).text;
    let before = document.text(|planted| &planted.from);
    let expected = document.text(|planted| &planted.to);
    let after = run(&before, Options::default());
    prop_assert_eq!(after.as_deref(), Some(expected.as_str()), "of\n{}", before);
    prop_assert_eq!(run(&expected, Options::default()), None, "a second run");
    let mut back = Options::default();
    back.direction = Direction::ToUpstream(Spelling::Short);
    let reverted = run(&expected, back);
    prop_assert_eq!(reverted.as_deref(), Some(before.as_str()), "the way back");
    Ok((before, expected))
}

/// The values before and after, side by side: equal but for the planted ones, each of which is seen once.
fn compare(document: &Document, before: Vec<String>, after: Vec<String>) -> Result<(), TestCaseError> {
    prop_assert_eq!(before.len(), after.len());
    let changed: Vec<(String, String)> = before.into_iter().zip(after).filter(|(one, other)| one != other).collect();
    let planted: Vec<(String, String)> =
        document.planted.iter().map(|one| (one.from.clone(), one.to.clone())).collect();
    prop_assert_eq!(changed, planted);
    Ok(())
}

// What may stand around: a key, and a value in the writing of its language. It is named like no image.

const LETTERS: &str = "[a-zA-Z0-9 äß語😀:#{}\\[\\]'\"\\\\,&*!|>%@`/=<-]{0,14}";

fn json_value() -> impl Strategy<Value = String> {
    let text = LETTERS.prop_map(|text| serde_json::to_string(&text).expect("it is text"));
    let escaped = "[a-zé\n\t😀]{0,6}".prop_map(|text: String| {
        format!("\"{}\"", text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect::<String>())
    });
    let word = select(vec!["null", "true", "false", "0", "-1.5e10", "\"\"", "[]", "{}", "[ ]", "\"\\/\\b\\f\\n\""]);
    let leaf = prop_oneof![text, escaped, word.prop_map(str::to_owned)].boxed();
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            vec(inner, 0..4).prop_map(|items| {
                let entries = items.iter().enumerate().map(|(index, item)| format!("\"x{index}\" :{item}"));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn json() -> impl Strategy<Value = Document> {
    let around = vec(json_value(), 4);
    (any::<bool>(), references(), around, select(vec!["", "  ", "\t"]), ending(), 1..4usize).prop_map(
        |(is_template, references, around, indent, ending, count)| {
            let image = if is_template { "Image" } else { "image" };
            let container = format!("{{\"x\": {}, \"{image}\":\n{indent}\"\u{1}\", \"y\":{}}}", around[0], around[1]);
            let containers = vec![container; count].join(&format!(",\n{indent}"));
            let (name, text) = match is_template {
                true => (
                    "stack.json",
                    format!(
                        "{{\n{indent}\"Metadata\": {},\"Resources\": {{\"T\": {{\"Type\": \"AWS::ECS::TaskDefinition\",\n\
                         {indent}\"Properties\" : {{\"ContainerDefinitions\": [{containers}] }}}}}}, \"Outputs\": {}}}\n",
                        around[2], around[3]
                    ),
                ),
                false => (
                    "task.json",
                    format!("{{\"a\": {},\n{indent}\"containerDefinitions\": [ {containers} ],\"b\":{}}}\n", around[2], around[3]),
                ),
            };
            Document::new(name, &text, &references, ending)
        },
    )
}

/// Lines of a mapping, which stand at an indentation of their own.
fn yaml_lines() -> impl Strategy<Value = Vec<String>> {
    let quoted = LETTERS.prop_map(|text| serde_json::to_string(&text).expect("it is text"));
    let single = LETTERS.prop_map(|text| format!("'{}'", text.replace('\'', "''")));
    let plain = select(vec![
        "",
        "~",
        "null",
        "1",
        "0x1f",
        "1_000",
        "-.5",
        "true",
        "no",
        "2001-01-01",
        "word",
        "two words",
        "a#b",
        "é 語",
        "[]",
        "{}",
        "[a, 'b', \"c\", {d: 1}]",
        "{a: [1, 2], \"b\": ''}",
        "!!str 12",
        "&anchor word",
        "# only a comment",
        "word # a comment",
        "\"\\x41\\u00e9\\n\"",
        "\"two \\\n        lines\"",
        "a:b",
        "-1",
        "\n        folded\n        word",
    ]);
    let block =
        (select(vec!["|", ">", "|-", ">+", "|+", ">-"]), vec("[a-z #:é'\"-]{1,10}", 0..4)).prop_map(|(sign, lines)| {
            let lines: String = lines.iter().map(|line| format!("\n        x{line}")).collect();
            format!("{sign}{lines}")
        });
    vec(prop_oneof![quoted, single, plain.prop_map(str::to_owned), block], 0..5)
}

fn mapping(lines: &[String], key: &str, indent: &str) -> String {
    let line = |(index, value): (usize, &String)| {
        let space = if value.starts_with('\n') || value.is_empty() { "" } else { " " };
        // An anchor may be defined again, and an alias takes the last.
        let alias = if value.starts_with('&') { format!("{indent}{key}a{index}: *anchor\n") } else { String::new() };
        format!("{indent}{key}{index}:{space}{}\n{alias}", value.replace("\n        ", &format!("\n{indent}    ")))
    };
    lines.iter().enumerate().map(line).collect()
}

fn yaml() -> impl Strategy<Value = Document> {
    let style = select(vec![
        "\u{1}",
        "'\u{1}'",
        "\"\u{1}\"",
        "\u{1} # why",
        "\"\u{1}\"  #",
        "!!str \u{1}",
        "&own \u{1}",
        "&own '\u{1}'",
        "  \u{1}  ",
        "\n          \u{1}",
    ]);
    let around = (yaml_lines(), yaml_lines(), yaml_lines());
    (0..3usize, references(), around, vec(style, 1..4), any::<bool>(), ending()).prop_map(
        |(kind, references, (head, beside, tail), styles, is_indented, ending)| {
            let image = if kind == 1 { "Image" } else { "image" };
            let (dash, within) = if is_indented { ("        - ", "          ") } else { ("      - ", "        ") };
            let block: String = styles
                .iter()
                .map(|style| {
                    let space = if style.starts_with('\n') { "" } else { " " };
                    let style = style.replace("\n          ", &format!("\n{within}  "));
                    format!("{dash}x: 1\n{within}{image}:{space}{style}\n{}", mapping(&beside, "y", within))
                })
                .collect();
            let flow = format!("[{{x: 1, {image}: \u{1}}}, {{\"{image}\": '\u{1}', y: [] }},\n          {{{image}: \"\u{1}\"}}]\n");
            let text = match kind {
                0 => format!(
                    "# {{}} 'head\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n{}spec:\n    containers:\n{block}    initContainers: {flow}{}---\n# the end\n",
                    mapping(&head, "h", "    "),
                    mapping(&tail, "t", "    ")
                ),
                1 => format!(
                    "Metadata:\n  a:\n{}Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n{block}  U:\n    Properties:\n      ContainerDefinitions: {flow}    Type: \"AWS::ECS::TaskDefinition\"\n{}",
                    mapping(&head, "h", "    "),
                    mapping(&tail, "t", "    ")
                ),
                _ => format!("{}spec: {{a: b}}\ncontainerDefinitions:\n{block}{}", mapping(&head, "h", ""), mapping(&tail, "t", "")),
            };
            Document::new(["pod.yaml", "stack.yml", "task.yaml"][kind], &text, &references, ending)
        },
    )
}

fn hcl_lines() -> impl Strategy<Value = Vec<String>> {
    vec(
        prop_oneof![
            "[a-zA-Z0-9 äß語😀:#{}',&*!|>@`/=<-]{0,14}".prop_map(|text| format!("\"{text}\"")),
            select(vec![
                "null",
                "true",
                "-1.5",
                "[]",
                "{}",
                "\"\"",
                "\"\\\"\\n\\u00e9\\\\\"",
                "\"$${a} %%{b}\"",
                "\"${var.a}-${f(\"}\")}\"",
                "var.a ? [1] : [\"b\"] # why",
                "[for x in var.a : x if x != \"\"] // why",
                "{ a = 1, \"b\" : [2] } /* why */",
                "f(\n    1, # one\n    \"two\",\n  )",
                "<<EOT\n  a ${var.b} \"c\"\nEOT",
                "<<-EOT\n      a\n    EOT",
                "a.b[0].c[*].d",
                "!a && b || (c >= 1)",
            ])
            .prop_map(str::to_owned),
        ],
        0..5,
    )
}

fn hcl() -> impl Strategy<Value = Document> {
    let around = (hcl_lines(), hcl_lines(), hcl_lines());
    (0..4usize, references(), around, json_value(), 1..4usize, ending()).prop_map(
        |(kind, references, (head, beside, tail), value, count, ending)| {
            let lines = |lines: &[String], key: &str| -> String {
                lines.iter().enumerate().map(|(index, value)| format!("  {key}{index} = {value}\n")).collect()
            };
            // Terraform would fill these in; what is filled in is no text of its own.
            let value = value.replace("${", "$").replace("%{", "%");
            let json = vec![format!("{{\"x\": {value}, \"image\": \"\u{1}\"}}"); count].join(",\n    ");
            let containers = match kind {
                0 => format!("jsonencode([\n{}  ])", "    { x = 1, image = \"\u{1}\", y = [\"é\"] }, # why\n".repeat(count)),
                1 => format!("<<EOT\n  [{json}]\nEOT"),
                2 => format!("<<-EOT\n    [{json}]\n  EOT"),
                _ => serde_json::to_string(&format!("[{}]", json.replace("\n    ", " ")))
                    .expect("it is text")
                    .replace("\\u0001", "\u{1}"),
            };
            let text = format!(
                "# head\nlocals {{\n{}}}\n\nresource \"aws_ecs_task_definition\" \"t\" {{\n{}  container_definitions = {containers}\n\n  /* beside */\n{}}}\n",
                lines(&head, "h"),
                lines(&beside, "b"),
                lines(&tail, "t")
            );
            Document::new("main.tf", &text, &references, ending)
        },
    )
}

// Readers that are not ours.

fn json_values(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(values) => {
            found.push(format!("list of {}", values.len()));
            values.iter().for_each(|value| json_values(value, found));
        }
        serde_json::Value::Object(entries) => {
            found.push(format!("object of {}", entries.len()));
            for (key, value) in entries {
                found.push(key.clone());
                json_values(value, found);
            }
        }
        serde_json::Value::String(text) => found.push(text.clone()),
        other => found.push(format!("{other:?}")),
    }
}

fn yaml_values(value: &serde_yaml::Value, found: &mut Vec<String>) {
    match value {
        serde_yaml::Value::Sequence(values) => {
            found.push(format!("list of {}", values.len()));
            values.iter().for_each(|value| yaml_values(value, found));
        }
        serde_yaml::Value::Mapping(entries) => {
            found.push(format!("mapping of {}", entries.len()));
            for (key, value) in entries {
                yaml_values(key, found);
                yaml_values(value, found);
            }
        }
        serde_yaml::Value::Tagged(tagged) => {
            found.push(tagged.tag.to_string());
            yaml_values(&tagged.value, found);
        }
        serde_yaml::Value::String(text) => found.push(text.clone()),
        other => found.push(format!("{other:?}")),
    }
}

fn of_yaml(text: &str) -> Result<Vec<String>, TestCaseError> {
    let mut found = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}')) {
        let value = serde::Deserialize::deserialize(document);
        let value = value.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        yaml_values(&value, &mut found);
    }
    Ok(found)
}

fn of_json(text: &str) -> Result<Vec<String>, TestCaseError> {
    let value = serde_json::from_str(text.trim_start_matches('\u{feff}'));
    let value = value.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    let mut found = Vec::new();
    json_values(&value, &mut found);
    Ok(found)
}

/// Texts of HCL in the order of the file; those that are JSON as their values.
fn body_values(body: &Body, found: &mut Vec<String>) {
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                found.push(attribute.key.to_string());
                expression_values(&attribute.value, found);
            }
            Structure::Block(block) => {
                found.push(block.ident.to_string());
                found.extend(block.labels.iter().map(|label| label.as_str().to_owned()));
                body_values(&block.body, found);
            }
        }
    }
}

fn expression_values(expression: &Expression, found: &mut Vec<String>) {
    match expression {
        Expression::String(text) => text_values(text, found),
        Expression::HeredocTemplate(heredoc)
            if heredoc.template.iter().all(|one| matches!(one, Element::Literal(_))) =>
        {
            let lines = heredoc.template.iter().map(|element| match element {
                Element::Literal(text) => text.as_str(),
                _ => "",
            });
            text_values(&lines.collect::<String>(), found);
        }
        Expression::Array(values) => values.iter().for_each(|value| expression_values(value, found)),
        Expression::Object(entries) => {
            for (key, value) in entries {
                found.push(format!("{key:?}").split("span").next().unwrap_or_default().to_owned());
                expression_values(value.expr(), found);
            }
        }
        Expression::FuncCall(call) => {
            found.push(call.name.name.to_string());
            call.args.iter().for_each(|value| expression_values(value, found));
        }
        // As it is written.
        other => found.push(other.to_string()),
    }
}

fn text_values(text: &str, found: &mut Vec<String>) {
    match serde_json::from_str(text) {
        Ok(value) => json_values(&value, found),
        Err(_) => found.push(text.to_owned()),
    }
}

fn of_hcl(text: &str) -> Result<Vec<String>, TestCaseError> {
    let body: Body =
        text.trim_start_matches('\u{feff}').parse().map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    let mut found = Vec::new();
    body_values(&body, &mut found);
    Ok(found)
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn json_changes_where_references_were_planted(document in json()) {
        let (before, after) = runs(&document)?;
        compare(&document, of_json(&before)?, of_json(&after)?)?;
    }

    #[test]
    fn yaml_changes_where_references_were_planted(document in yaml()) {
        let (before, after) = runs(&document)?;
        compare(&document, of_yaml(&before)?, of_yaml(&after)?)?;
    }

    #[test]
    fn hcl_changes_where_references_were_planted(document in hcl()) {
        let (before, after) = runs(&document)?;
        compare(&document, of_hcl(&before)?, of_hcl(&after)?)?;
    }
}
