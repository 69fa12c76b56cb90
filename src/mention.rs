//! Images that a text mentions: a script, a sentence, an argument, an action of a template.
//!
//! Whatever no schema accounts for is found by the host of an upstream in the raw text, so that a reader of the report
//! meets every reference of a file. Nothing is changed there.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::Span;
use crate::upstream::Upstream;

/// The host of an upstream, and what follows up to the end of a reference; variables belong to it.
#[expect(clippy::expect_used, reason = "the pattern is fixed")]
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    let hosts: Vec<String> = Upstream::hosts()
        .map(|host| match host.strip_prefix('.') {
            Some(suffix) => format!(r"[a-z0-9-]+\.{}", escape(suffix)),
            None => escape(host),
        })
        .collect();
    Regex::new(&format!(
        r"(?i-u:{})/(?:[-A-Za-z0-9._/:@]|\$\{{[^}}\s]*\}}|\$[A-Za-z0-9_]+|\{{\{{[^}}\n]*\}}\}})+",
        hosts.join("|")
    ))
    .expect("the pattern is one")
});

fn escape(host: &str) -> String {
    host.replace('.', r"\.")
}

/// Schemes behind which stands an image and not an address.
const SCHEMES: [&str; 3] = ["docker://", "docker-image://", "oci://"];

/// Each mention in a text, in order.
pub(crate) fn mentions(text: &str) -> Vec<Span> {
    let found = MENTION.find_iter(text).filter(|found| {
        let before = &text[..found.start()];
        let continues = before.ends_with(|c: char| c.is_alphanumeric() || "._-@/".contains(c));
        !continues || SCHEMES.iter().any(|scheme| before.ends_with(scheme))
    });
    let trimmed = |found: regex::Match<'_>| {
        let end = found.as_str().trim_end_matches(['.', ':', '/', '@', '-']).len();
        Span::new(found.start(), found.start() + end)
    };
    found.map(trimmed).filter(|span| text[span.range()].contains('/')).collect()
}

/// Which of these bytes, in order, stand in a comment that begins on their line: `# …`, and `// …` where the language
/// has that.
pub(crate) fn in_comments(text: &str, places: impl Iterator<Item = usize>, signs: &[&str]) -> Vec<bool> {
    let (mut from, mut commented) = (0, false);
    let mut found = Vec::new();
    for at in places {
        let new = &text[from..at];
        let (line, line_start) = match new.rfind('\n') {
            Some(end) => (&new[end + 1..], true),
            None => (new, from == 0),
        };
        commented &= !new.contains('\n');
        let line = if line_start { line.trim_start_matches('\u{feff}') } else { line };
        let begins = |(place, _): (usize, &str)| match line[..place].chars().next_back() {
            Some(before) => before.is_whitespace(),
            None => line_start || text[..from].ends_with(char::is_whitespace),
        };
        commented |= signs.iter().any(|sign| line.match_indices(sign).any(begins));
        found.push(commented);
        from = at;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_the_host_of_an_upstream() {
        let rows: [(&str, &[&str]); 9] = [
            ("docker pull quay.io/a/b:1.", &["quay.io/a/b:1"]),
            ("X=ghcr.io/a/b@sha256:0a; y", &["ghcr.io/a/b@sha256:0a"]),
            ("\"Public.ECR.aws/a/b:${TAG}-x\"", &["Public.ECR.aws/a/b:${TAG}-x"]),
            ("https://quay.io/a/b", &[]),
            ("docker://quay.io/a/b", &["quay.io/a/b"]),
            ("mirror.test/quay.io/a and my-quay.io/a and quay.io.test/a", &[]),
            ("docker login quay.io", &[]),
            ("x.azurecr.io/a,registry.k8s.io/pause", &["x.azurecr.io/a", "registry.k8s.io/pause"]),
            ("é docker.io/a/$B:{{ .c }}", &["docker.io/a/$B:{{ .c }}"]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = mentions(text).into_iter().map(|span| &text[span.range()]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
