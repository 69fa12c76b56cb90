//! Programs that are cut or torn anywhere: what is read of them lies on characters, and what is rewritten reads back.

#![cfg(feature = "cdk-source")]

use std::fs;
use std::path::{Path, PathBuf};

use ecrewrite::{
    Applicability, CdkStyle, Expressions, OfficialRoute, Options, Policy, Registry, Rewriter, Rewritten, apply,
};

/// The files of the cases, with their names.
fn programs() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cdk-source");
    let mut found = Vec::new();
    for kind in ["rewrite", "reject", "revert"] {
        let entries = |folder: &Path| -> Vec<PathBuf> {
            let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            all.sort();
            all
        };
        for case in entries(&root.join(kind)) {
            for file in entries(&case) {
                let name = file.file_name().unwrap().to_string_lossy().into_owned();
                if name.starts_with("in.") || name.starts_with("out.") {
                    found.push((name, fs::read_to_string(file).unwrap()));
                }
            }
        }
    }
    assert!(found.len() > 30, "the cases were not found");
    found
}

/// Rewrites a text in both styles and with expressions, and holds what comes out.
fn holds(name: &str, text: &str) -> usize {
    let registry = Registry::new(Some("111122223333"), Some("us-east-1")).unwrap();
    let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic).unwrap();
    let mut rewritten = 0;
    let of_stack: Expressions = ["typescript", "python"].into_iter().map(|one| one.parse().unwrap()).collect();
    let runs = [
        (CdkStyle::Registry, Expressions::default()),
        (CdkStyle::Repository, Expressions::default()),
        (CdkStyle::Registry, of_stack.clone()),
        (CdkStyle::Repository, of_stack),
    ];
    for (style, expressions) in runs {
        let mut options = Options::default();
        options.threshold = Applicability::Unsafe;
        options.cdk_style = style;
        let rewriter = Rewriter::new(policy.clone().with_expressions(expressions)).with_options(options);
        let Rewritten { report, text: new, .. } = rewriter.rewrite(name, text);
        for finding in &report.findings {
            assert!(text.get(finding.span.range()).is_some(), "{finding:?} of\n{text}");
        }
        assert!(report.findings.is_sorted_by_key(|finding| finding.span), "in order, in\n{text}");
        let Some(new) = new else { continue };
        let edits = report.rewrites().flat_map(|(_, _, fix)| &fix.edits);
        assert_eq!(apply(text, edits).as_deref(), Ok(new.as_str()));
        let again = rewriter.rewrite(name, &new);
        assert_eq!(again.text, None, "a second run, after\n{new}");
        rewritten += 1;
    }
    rewritten
}

/// A place in a text where characters meet, at or behind another.
fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[test]
fn whole() {
    let rewritten: usize = programs().iter().map(|(name, text)| holds(name, text)).sum();
    assert!(rewritten > 20, "{rewritten}");
}

#[test]
fn cut_off_anywhere() {
    for (name, text) in programs() {
        for at in (0..text.len()).step_by(23) {
            holds(&name, &text[..boundary(&text, at)]);
        }
    }
}

#[test]
fn with_a_piece_torn_out() {
    let mut rewritten = 0;
    for (name, text) in programs() {
        for at in (0..text.len()).step_by(29) {
            let (from, to) = (boundary(&text, at), boundary(&text, at + 1 + at % 11));
            rewritten += holds(&name, &format!("{}{}", &text[..from], &text[to..]));
        }
    }
    assert!(rewritten > 100, "most of what is torn still reads: {rewritten}");
}
