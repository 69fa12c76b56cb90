//! The report as one page to show around: HTML with its style, its script and its data, which asks nobody for more.
//!
//! What scripts read is in the page as well: [`json`]'s report, from which the page's own script makes all
//! that follows the filters. Without it, the page shows the sums and the first references.

mod tables;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::json::{self, JsonFinding, JsonReport};
use super::plain::{self, visible};
use super::{Report, Setting, Tense};
use crate::reason::Reason;
use crate::registry::starts_like_ecr;
use crate::upstream::Upstream;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("page.js");
/// How many references the page shows without its script.
const LIMIT: usize = 500;
/// Where a reference comes from that names no registry, and is no short name of Docker Hub's either.
const NOWHERE: &str = "no registry written";

/// What the page's script reads.
#[derive(Serialize)]
struct Data<'r> {
    report: JsonReport<'r>,
    /// Of each finding, in their order.
    upstreams: Vec<String>,
    /// What each rule caches, by its prefix.
    rules: BTreeMap<&'r str, String>,
    /// The folder that all files with findings share, with a final `/`, or nothing.
    base: String,
    outcomes: Outcomes,
    reasons: BTreeMap<&'static str, Advice>,
}

/// What outcomes are called.
#[derive(Serialize)]
struct Outcomes {
    rewrite: &'static str,
    cached: &'static str,
    left: &'static str,
}

/// Why something stays, and what to do.
#[derive(Serialize)]
struct Advice {
    why: &'static str,
    #[serde(rename = "do")]
    remedy: &'static str,
}

impl Outcomes {
    fn name(&self, outcome: &str) -> &'static str {
        match outcome {
            "rewrite" => self.rewrite,
            "cached" => self.cached,
            _ => self.left,
        }
    }
}

/// The report as one page, with a final newline.
///
/// # Errors
///
/// None in practice: the data holds nothing that JSON cannot.
pub fn print(report: &Report, setting: &Setting) -> serde_json::Result<String> {
    let data = data(report, setting.tense);
    let json = plain::json(serde_json::to_string(&data)?);
    Ok(fill(|name| match name {
        "style" => STYLE.to_owned(),
        "script" => SCRIPT.to_owned(),
        "style-hash" => hash(STYLE),
        "script-hash" => hash(SCRIPT),
        "data" => in_script(&json),
        "title" => title(setting),
        "lead" => tables::lead(report, setting.tense),
        "remarks" => tables::remarks(report),
        "limit" => tables::limit(&data),
        name => tables::part(name, &data),
    }))
}

/// The name of the page: whose references it shows.
fn title(setting: &Setting) -> String {
    let name = setting.root.file_name().map(|name| name.to_string_lossy());
    name.map_or_else(|| "Image references".to_owned(), |name| format!("Image references of {}", escape(&name)))
}

fn data(report: &Report, tense: Tense) -> Data<'_> {
    let json = json::report(report);
    let mut rules: BTreeMap<&str, String> = BTreeMap::new();
    for rule in &report.rules {
        let path = rule.upstream_prefix.as_ref().map_or_else(String::new, |path| format!("/{path}"));
        rules.entry(&rule.prefix).or_insert_with(|| format!("{}{path}", shown(&rule.upstream)));
    }
    let upstreams = json.findings.iter().map(|finding| upstream(finding, &rules)).collect();
    let ids = json.findings.iter().filter_map(|finding| finding.reason);
    let ids: BTreeSet<&str> = ids.chain(json.skipped.iter().map(|skipped| skipped.reason)).collect();
    let reasons = Reason::ALL.iter().filter(|reason| ids.contains(reason.id()));
    let reasons = reasons.map(|reason| (reason.id(), Advice { why: reason.sentence(), remedy: reason.remedy() }));
    let rewrite = if tense == Tense::Done { "changed" } else { "changes" };
    Data {
        base: base(json.findings.iter().map(|finding| finding.file)),
        reasons: reasons.collect(),
        outcomes: Outcomes { rewrite, cached: "cached", left: "stays" },
        report: json,
        upstreams,
        rules,
    }
}

/// The registry that a reference names. Where that is the private one, or an expression says which, it is what the rule
/// caches.
fn upstream(finding: &JsonFinding<'_>, rules: &BTreeMap<&str, String>) -> String {
    let written = written(finding.reference);
    let behind = finding.rule.and_then(|rule| rules.get(rule));
    match (written, behind) {
        (None | Some("private ECR"), Some(rule)) => rule.split('/').next().unwrap_or_default().to_owned(),
        (Some(_), None) if has_no_registry(finding) => NOWHERE.to_owned(),
        (written, _) => written.unwrap_or(NOWHERE).to_owned(),
    }
}

/// Whether a text without a registry is none of Docker Hub's.
fn has_no_registry(finding: &JsonFinding<'_>) -> bool {
    let reasons = [
        Reason::NotOfficial,
        Reason::Sentinel,
        Reason::Curated,
        Reason::NotAReference,
        Reason::NotLiteral,
        Reason::BuildOutput,
        Reason::Chart,
    ];
    let first = finding.reference.split('/').next().unwrap_or_default();
    let is_short = !first.contains(['.', ':']) || !finding.reference.contains('/');
    is_short && reasons.iter().any(|reason| Some(reason.id()) == finding.reason)
}

/// The registry that a text begins with, as people call it; none if a hole stands there.
fn written(reference: &str) -> Option<&str> {
    let text = reference.split_once("://").map_or(reference, |(_, text)| text);
    if starts_like_ecr(text) {
        return Some("private ECR");
    }
    let (first, is_whole) = text.split_once('/').map_or((text, true), |(first, _)| (first, false));
    let name = if is_whole { first.split([':', '@']).next().unwrap_or_default() } else { first };
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte)) {
        return None;
    }
    let is_host = !is_whole && (name.contains(['.', ':']) || name == "localhost");
    Some(if is_host { shown(name) } else { DOCKER_HUB })
}

const DOCKER_HUB: &str = "Docker Hub";

/// A host as people call the registry behind it.
fn shown(host: &str) -> &str {
    match Upstream::of_host(host) {
        Some(Upstream::DockerHub) => DOCKER_HUB,
        Some(Upstream::EcrPublic) => "public.ecr.aws",
        Some(Upstream::Kubernetes) => "registry.k8s.io",
        _ => host,
    }
}

/// The folder that all files share, with a final `/`.
fn base<'f>(files: impl Iterator<Item = &'f str>) -> String {
    let folder = |file: &'f str| file.rfind('/').map_or("", |end| &file[..=end]);
    let shared = files.map(folder).reduce(|one, other| {
        let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        one.as_bytes()[..same].iter().rposition(|byte| *byte == b'/').map_or("", |end| &one[..=end])
    });
    shared.unwrap_or_default().to_owned()
}

/// The page with its holes filled, in one go: what is filled in may look like a hole.
fn fill(part: impl Fn(&str) -> String) -> String {
    let mut page = String::new();
    let mut rest = PAGE;
    while let Some((before, behind)) = rest.split_once("{{") {
        let (name, after) = behind.split_once("}}").unwrap_or((behind, ""));
        page.push_str(before);
        page.push_str(&part(name));
        rest = after;
    }
    page + rest
}

/// JSON that may stand in a script element, and in JavaScript: the characters occur within strings alone.
fn in_script(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            _ => text.push(character),
        }
    }
    text
}

/// Text as HTML, also within quotes. What nobody would see in it is shown, as the page's script does.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // `##[…]` is a command in the log of a pipeline.
            '#' => html.push_str("&#35;"),
            _ => html.push(character),
        }
    }
    html
}

/// The hash by which the page allows its own style and script, and no other.
fn hash(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut base64 = String::new();
    for three in Sha256::digest(text).chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let character = char::from(ALPHABET[bits >> (18 - 6 * place) & 63]);
            base64.push(if place > three.len() { '=' } else { character });
        }
    }
    format!("sha256-{base64}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_browsers() {
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert_eq!(hash("alert(1)"), "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=");
    }

    #[test]
    fn registries_as_people_call_them() {
        let rows = [
            ("nginx", Some("Docker Hub")),
            ("nginx:1.27@sha256:ab", Some("Docker Hub")),
            ("apache/airflow:2", Some("Docker Hub")),
            ("index.docker.io/nginx", Some("Docker Hub")),
            ("docker://quay.io/a/b", Some("quay.io")),
            ("k8s.gcr.io/pause", Some("registry.k8s.io")),
            ("localhost/a", Some("localhost")),
            ("mirror.test:5000/a", Some("mirror.test:5000")),
            ("111122223333.dkr.ecr.eu-central-1.amazonaws.com/a", Some("private ECR")),
            ("${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/a", Some("private ECR")),
            ("${var.registry}/a", None),
            ("{{ .Values.image }}", None),
            ("", None),
        ];
        for (text, registry) in rows {
            assert_eq!(written(text), registry, "{text}");
        }
    }

    #[test]
    fn folders_that_files_share() {
        let rows: [(&[&str], &str); 5] = [
            (&[], ""),
            (&["a/b/c.tf"], "a/b/"),
            (&["a/b/c.tf", "a/bc/d.tf"], "a/"),
            (&["a/b.tf", "c.tf"], ""),
            (&["é/a.tf", "è/a.tf"], ""),
        ];
        for (files, shared) in rows {
            assert_eq!(base(files.iter().copied()), shared, "{files:?}");
        }
    }
}
