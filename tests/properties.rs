//! What holds for any input: edits touch nothing else, references print back, and no text makes a parser panic.

use ecrewrite::edit::apply;
use ecrewrite::{Edit, Finding, ImageRef, OfficialRoute, Outcome, Policy, Registry, Rewriter, Span};
use oci_spec::distribution::Reference;
use proptest::prelude::*;
use proptest::string::string_regex;

/// A text and edits of it that do not overlap, as (old, new) pieces with kept text between them.
fn text_and_edits() -> impl Strategy<Value = (String, Vec<Edit>, String)> {
    let piece = (".{0,12}", ".{0,6}", ".{0,8}");
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| {
        let (mut before, mut after, mut edits) = (String::new(), String::new(), Vec::new());
        for (kept, old, new) in pieces {
            // Two insertions at one place have no order; the text between edits keeps them apart.
            let kept = format!("{kept}|");
            before.push_str(&kept);
            after.push_str(&kept);
            edits.push(Edit { span: Span::new(before.len(), before.len() + old.len()), text: new.clone() });
            before.push_str(&old);
            after.push_str(&new);
        }
        (before, edits, after)
    })
}

/// Text that is often a reference.
fn reference() -> impl Strategy<Value = String> {
    let host = "([a-zA-Z0-9.-]{1,12}(:[0-9]{1,5})?/)?";
    let path = "[a-z0-9]{1,6}([._/-]{1,2}[a-z0-9]{1,6}){0,4}";
    let tail = "(:[A-Za-z0-9_.-]{1,10})?(@sha256:[0-9a-f]{64})?";
    let whole = string_regex(&format!("{host}{path}{tail}")).expect("the pattern is one");
    prop_oneof![4 => whole, 1 => "[a-zA-Z0-9:/@._-]{0,30}", 1 => ".{0,20}"]
}

/// Documents in the shape of ours, with arbitrary text where values stand.
fn document() -> impl Strategy<Value = (&'static str, String)> {
    let value = "[a-zA-Z0-9./:@${}%<>_ \\\\\"'#|\n-]{0,40}";
    prop_oneof![
        (Just("task.json"), value).prop_map(|(name, v)| {
            (name, format!("{{\"containerDefinitions\": [{{\"name\": \"a\", \"image\": \"{v}\", \"cpu\": 1}}]}}"))
        }),
        (Just("pod.yaml"), value).prop_map(|(name, v)| {
            (name, format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {v}\n      name: a\n"))
        }),
        (Just("stack.yaml"), value).prop_map(|(name, v)| {
            let head =
                "Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n";
            (name, format!("{head}        - Image: !Sub \"{v}\"\n          Name: a\n"))
        }),
        (Just("main.tf"), value).prop_map(|(name, v)| {
            let head = "resource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = jsonencode([{ image = ";
            (name, format!("{head}\"{v}\" }}])\n}}\n"))
        }),
        (Just("main.tf"), value).prop_map(|(name, v)| {
            let head = "resource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = <<-EOT\n";
            (name, format!("{head}    [{{\"image\": \"nginx:1\"}}, {v}]\n  EOT\n}}\n"))
        }),
    ]
}

fn policy() -> Policy {
    let registry = Registry::new(Some("111122223333"), Some("us-east-1")).expect("both are well-formed");
    Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic).expect("the default rules fit")
}

/// Rewrites a text, and checks what holds for every rewrite.
fn check_rewrite(name: &str, text: &str) -> Result<(), TestCaseError> {
    let rewriter = Rewriter::new(policy());
    let rewritten = rewriter.rewrite(name, text);
    let Some(new) = rewritten.text else { return Ok(()) };
    // Undoing each replacement, from the last to the first, gives the original bytes.
    let mut undone = new.clone();
    let mut grown: isize = 0;
    let mut places = Vec::new();
    for (_, _, fix) in rewritten.report.rewrites() {
        for edit in &fix.edits {
            let start = edit.span.start.checked_add_signed(grown).expect("edits are in order");
            places.push((start..start + edit.text.len(), &text[edit.span.range()]));
            grown += edit.text.len() as isize - edit.span.len() as isize;
        }
    }
    for (range, old) in places.into_iter().rev() {
        undone.replace_range(range, old);
    }
    prop_assert_eq!(&undone, text);
    let again = rewriter.rewrite(name, &new);
    prop_assert_eq!(again.text, None);
    let is_left = |finding: &Finding| !matches!(finding.outcome, Outcome::Rewrite { .. });
    prop_assert!(again.report.findings.iter().all(is_left));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_outside_edits_stay_in_order((before, edits, after) in text_and_edits()) {
        prop_assert_eq!(apply(&before, &edits).expect("the edits do not overlap"), after);
    }

    #[test]
    fn edits_anywhere_are_made_or_refused(text in ".{0,40}", places in proptest::collection::vec((0..60usize, 0..20usize), 0..5)) {
        let edits: Vec<Edit> = places
            .into_iter()
            .map(|(start, len)| Edit { span: Span::new(start, start + len), text: "new".into() })
            .collect();
        let _ = apply(&text, &edits);
    }

    #[test]
    fn references_print_back_what_was_parsed(text in reference()) {
        if let Ok(image) = ImageRef::parse(&text) {
            prop_assert_eq!(image.as_str(), &text);
            prop_assert_eq!(image.to_string(), format!("{}{}", image.name(), image.tail()));
            let registry = image.registry().map(|host| format!("{host}/")).unwrap_or_default();
            prop_assert_eq!(image.name(), format!("{registry}{}", image.repository()));
            let tag = image.tag().map(|tag| format!(":{tag}")).unwrap_or_default();
            let digest = image.digest().map(|digest| format!("@{digest}")).unwrap_or_default();
            prop_assert_eq!(image.tail(), format!("{tag}{digest}"));
        }
    }

    /// The OCI crate is more lenient; what we take, it takes, and reads in the same way.
    #[test]
    fn the_oci_reader_agrees(text in reference()) {
        if let Ok(image) = ImageRef::parse(&text) && image.registry().is_none_or(|host| host.contains('.')) {
            let other: Reference = text.parse().map_err(|error| TestCaseError::fail(format!("{text}: {error:?}")))?;
            prop_assert_eq!(image.digest(), other.digest());
            prop_assert_eq!(image.tag().or(image.digest().is_none().then_some("latest")), other.tag());
            let bare = image.registry().is_none_or(|host| host.ends_with("docker.io")) && !image.repository().contains('/');
            let repository = if bare { format!("library/{}", image.repository()) } else { image.repository().to_owned() };
            prop_assert_eq!(repository, other.repository());
        }
    }

    #[test]
    fn verdicts_never_panic(text in reference()) {
        if let Ok(image) = ImageRef::parse(&text) {
            let _ = policy().verdict(&image);
        }
    }

    #[test]
    fn rewriting_touches_only_references((name, text) in document()) {
        check_rewrite(name, &text)?;
    }

    #[test]
    fn no_bytes_make_a_parser_panic(
        name in prop_oneof![Just("a.json"), Just("a.yaml"), Just("a.tf"), Just("a.tf.json"), Just("a.tfvars"), Just("a.template")],
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
    ) {
        check_rewrite(name, &String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn no_punctuation_makes_a_parser_panic(
        name in prop_oneof![Just("a.json"), Just("a.yaml"), Just("a.tf"), Just("a.tf.json")],
        text in "[\\[\\]{}:,\"'\\\\$%&*!|>#\n a-c=<~-]{0,60}",
    ) {
        check_rewrite(name, &text)?;
    }
}

/// Each case of the test data, with pieces cut out, doubled and swapped: broken in the way that files are broken.
#[test]
fn damaged_files_do_not_panic() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut files = 0;
    for folder in ["rewrite", "reject"] {
        for case in std::fs::read_dir(root.join(folder)).expect("the cases are there") {
            for file in std::fs::read_dir(case.expect("readable").path()).expect("a case is a folder") {
                let path = file.expect("readable").path();
                let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
                if !name.starts_with("in.") {
                    continue;
                }
                let bytes = std::fs::read(&path).expect("readable");
                files += 1;
                for _ in 0..30 {
                    let mut damaged = bytes.clone();
                    for _ in 0..=random(3) {
                        let (at, len) = (random(damaged.len()), random(12));
                        let end = (at + len).min(damaged.len());
                        match random(3) {
                            0 => drop(damaged.drain(at..end)),
                            1 => damaged.extend_from_within(at..end),
                            _ => damaged.insert(at, b"\"'{}[]:\n\\$%#&*-\0"[random(16)]),
                        }
                    }
                    let text = String::from_utf8_lossy(&damaged);
                    if let Err(error) = check_rewrite(&name, &text) {
                        panic!("{}: {error}\n{text}", path.display());
                    }
                }
            }
        }
    }
    assert!(files > 100, "only {files} cases were found");
}
