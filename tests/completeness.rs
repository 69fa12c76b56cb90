//! Holds the report of `check` against a plain search: a line on which somebody who greps for images finds one is
//! named in the report, or there is a stated reason why it need not be.
//!
//! The tree is the corpus that `ECREWRITE_CORPUS` names, without what the corpus says about its own files. Without the
//! variable one line says that nothing was measured; with it, a folder that is missing or holds nothing to find is a
//! failure.
//!
//! The search knows no formats. It finds
//!
//! - each host of an upstream with a slash behind it, wherever it stands;
//! - each key that is named like an image and has a value which is neither empty, nor a mapping, nor only a variable;
//! - in a Dockerfile, each `FROM` that does not name a stage.
//!
//! What it finds is *named* if a finding of the report covers it: a host if it stands within the finding, a key if the
//! finding touches its value. On a line with five images, one finding does not vouch for the other four. All of a file
//! is named that the report lists as skipped or not readable. Everything else has to be of a `Class`, which this test
//! decides without asking the program. What remains is unexplained, and fails the test.
#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Component, Path};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use regex::bytes::Regex;
use serde_json::Value;

/// The variable which names the folder of the corpus.
const FOLDER: &str = "ECREWRITE_CORPUS";

/// What the program is asked. What it would rewrite to does not matter here.
const CHECK: [&str; 8] = ["check", "--account", "111122223333", "--region", "us-east-1", "--format", "json", "."];

/// The files of a folder: path below it (with `/`) and bytes.
type Tree = BTreeMap<String, Vec<u8>>;

// ---------------------------------------------------------------------------------------------------------------
// The search
// ---------------------------------------------------------------------------------------------------------------

/// The hosts that ECR can cache from, written down once more: asking the program would hide one that it forgot.
const HOSTS: [&str; 11] = [
    r"public\.ecr\.aws",
    r"docker\.io",
    r"index\.docker\.io",
    r"registry-1\.docker\.io",
    r"quay\.io",
    r"registry\.k8s\.io",
    r"k8s\.gcr\.io",
    r"ghcr\.io",
    r"registry\.gitlab\.com",
    r"cgr\.dev",
    r"[a-z0-9-]*\.azurecr\.io",
];

/// A letter, digit, dot, hyphen or underscore before a host makes another host of it, unless it ends an escape such as
/// `\n`. A slash makes it a part of a path on another host, unless it ends `://`. JSON text may escape the slashes.
static HOST: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i-u)(?:^|[^a-z0-9._/-]|\\[nrt]|:\\*/\\*/)({})\\*/", HOSTS.join("|"))));

/// A key as a whole (`image_tag` and `imagePullPolicy` are others) and the sign behind it. Inside JSON text its quotes
/// are escaped.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    let names = "image|imageName|image_uri|imageUri|dockerImage|container_image|newName|from";
    pattern(&format!(r#"(?i-u)(?:\b|\\[nrt])({names})\\*["']?\s*(==|::|=>|:=|[:=])"#))
});

/// What compares, or goes on with a name: `image == "x"`, `AWS::EC2::Image::Id`.
const NO_ASSIGNMENT: [&[u8]; 2] = [b"==", b"::"];

/// The instruction of a Dockerfile that begins a stage: its image, and the name that it gives to the stage.
static STAGE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i-u)^\s*(?:onbuild\s+)?from\s+(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?"));

/// What stands for something that is written elsewhere: `${var.image}`, `$IMAGE`, `$(image)`, `{{ .image }}`,
/// `<< image >>`. With a quote or a default in it (`${IMAGE:-nginx}`) it may say itself what the image is.
static HOLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?-u)\$\{\s*[A-Za-z_][\w.:\[\]*]*\s*\}|\$\([^()"']*\)|\$\w+|\{\{[^{}"']*\}\}|<<[^<>"']*>>"#)
});

/// Where a value begins on the line after its key: a block of YAML, or a heredoc.
static BLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?-u)^(?:[|>][-+0-9]*\s*(?:#.*)?|<<[-~]?"?\w+"?)$"#));

/// Tags of CloudFormation that take a name, whose value is written elsewhere, and the one whose arms are a list.
const REFERRING: [&[u8]; 5] = [b"!Ref", b"!GetAtt", b"!ImportValue", b"!FindInMap", b"!If"];

/// Files whose expressions are written without quotes, after `=`: there, a text is what stands in quotes.
const TERRAFORM: [&str; 6] = [".tf", ".tofu", ".tfvars", ".hcl", ".tf.json", ".tofu.json"];

/// What begins a heredoc at the end of a line of HCL: the word that ends it.
static HEREDOC: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)<<-?(\w+)\s*$"));

/// The scheme before a host.
static SCHEME: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i-u)([a-z][a-z0-9+.-]*):\\*/\\*/$"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn ends_with(file: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| file.ends_with(ending))
}

fn is_dockerfile(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    !name.ends_with(".dockerignore") && name.split('.').any(|part| part == "dockerfile" || part == "containerfile")
}

/// The lines of a file. A byte order mark belongs to none of them, and is no column in the report, either.
fn lines_of(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).split(|byte| *byte == b'\n').collect()
}

/// Something found on a line: in bytes from its start, where it begins and which of them a finding has to touch.
#[derive(Clone, Debug, PartialEq)]
enum Hit {
    Host(Range<usize>),
    Key { start: usize, value: Range<usize> },
}

impl Hit {
    fn start(&self) -> usize {
        match self {
            Hit::Host(host) => host.start,
            Hit::Key { start, .. } => *start,
        }
    }
}

/// What there is to find in a file, by line, from 1.
fn search(file: &str, lines: &[&[u8]]) -> BTreeMap<usize, Vec<Hit>> {
    let mut hits: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
    let mut stages = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        for host in HOST.captures_iter(line).filter_map(|found| found.get(1)) {
            hits.entry(at + 1).or_default().push(Hit::Host(host.range()));
        }
        for found in KEY.captures_iter(line) {
            let (Some(key), Some(sign)) = (found.get(1), found.get(2)) else { continue };
            if is_dockerfile(file) && key.as_bytes() == b"from" && is_stage(&line[sign.end()..], &stages) {
                continue;
            }
            match written(file, line, sign.range()) {
                Written::Here(value) => {
                    hits.entry(at + 1).or_default().push(Hit::Key { start: key.start(), value });
                }
                Written::Below => {
                    if let Some(below) = (at + 1..lines.len()).find(|below| !lines[*below].trim_ascii().is_empty()) {
                        let value = 0..lines[below].len();
                        hits.entry(below + 1).or_default().push(Hit::Key { start: 0, value });
                    }
                }
                Written::Elsewhere => {}
            }
        }
        if let Some(stage) = STAGE.captures(line).filter(|_| is_dockerfile(file)) {
            if let Some(image) = stage.get(1).filter(|image| !is_variable(image.as_bytes()))
                && !is_stage(image.as_bytes(), &stages)
            {
                hits.entry(at + 1).or_default().push(Hit::Key { start: image.start(), value: image.range() });
            }
            stages.extend(stage.get(2).map(|name| name.as_bytes().to_ascii_lowercase()));
        }
    }
    hits
}

/// Whether a word of a Dockerfile, up to a comma or white space, is a stage of it: by name or by number.
fn is_stage(text: &[u8], stages: &BTreeSet<Vec<u8>>) -> bool {
    let word = text.split(|byte| *byte == b',' || byte.is_ascii_whitespace()).next().unwrap_or(text);
    word.iter().all(u8::is_ascii_digit) || stages.contains(&word.to_ascii_lowercase())
}

/// Where the value of a key is written.
#[derive(Debug, PartialEq)]
enum Written {
    /// On the line, at these bytes.
    Here(Range<usize>),
    /// On the next line that is not blank.
    Below,
    /// Nowhere, in keys of its own, or where a variable is set.
    Elsewhere,
}

/// Judges what stands behind the sign.
fn written(file: &str, line: &[u8], sign: Range<usize>) -> Written {
    let end = line.trim_ascii_end().len();
    let skip_white = |from: usize| (from..end).find(|at| !line[*at].is_ascii_whitespace()).unwrap_or(end);
    let mut start = skip_white(sign.end);
    let sign = &line[sign];
    let mut is_tagged = false;
    while let Some(b'!' | b'&') = line.get(start).filter(|_| start < end) {
        let word = (start..end).find(|at| line[*at].is_ascii_whitespace()).unwrap_or(end);
        if REFERRING.contains(&&line[start..word]) {
            return Written::Elsewhere;
        }
        is_tagged |= line[start] == b'!';
        start = skip_white(word);
    }
    let value = line.get(start..end).unwrap_or_default();
    let is_mapping = value.starts_with(b"{") && !value.starts_with(b"{{");
    if is_tagged && value.is_empty() || BLOCK.is_match(value) {
        return Written::Below;
    }
    if NO_ASSIGNMENT.contains(&sign) || is_mapping || matches!(value, [] | [b'#' | b'*', ..] | [b'[' | b'(']) {
        return Written::Elsewhere;
    }
    let (length, is_text) = if let Some(text) = quoted(value) {
        (text.end, !is_variable(&value[text]))
    } else if sign == b"=" && ends_with(file, &TERRAFORM) {
        let text = expression(value);
        (text.len(), text.contains(&b'"'))
    } else {
        let text = bare(value);
        (text.len(), !is_variable(text) && ![&b"true"[..], b"false", b"null"].contains(&text))
    };
    if is_text { Written::Here(start..start + length) } else { Written::Elsewhere }
}

/// What stands in quotes at the start, which may be escaped.
fn quoted(value: &[u8]) -> Option<Range<usize>> {
    let escapes = value.iter().take_while(|byte| **byte == b'\\').count();
    let quote = value.get(..=escapes).filter(|quote| matches!(quote[escapes], b'"' | b'\''))?;
    let start = quote.len();
    let end = value[start..].windows(start).position(|end| end == quote).map_or(value.len(), |end| start + end);
    Some(start..end)
}

/// A value without quotes: up to a comment, or to what ends it in a mapping on one line. Holes and lists keep theirs.
fn bare(value: &[u8]) -> &[u8] {
    let mut at = 0;
    while at < value.len() && !value.starts_with(b"[") {
        if let Some(hole) = HOLE.find_at(value, at).filter(|hole| hole.start() == at) {
            at = hole.end();
        } else if matches!(value[at], b',' | b'}' | b']' | b')') || value[at..].starts_with(b" #") {
            return value[..at].trim_ascii_end();
        } else {
            at += 1;
        }
    }
    value
}

/// An expression of Terraform up to its end, as far as it stands on this line.
fn expression(value: &[u8]) -> &[u8] {
    let mut depth = 0_usize;
    for (at, byte) in value.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b',' | b')' | b']' | b'}' | b'#' if depth == 0 => return &value[..at],
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    value
}

/// Whether nothing that could name an image is left beside the variables.
fn is_variable(text: &[u8]) -> bool {
    !HOLE.replace_all(text, &b""[..]).iter().any(u8::is_ascii_alphanumeric)
}

// ---------------------------------------------------------------------------------------------------------------
// What need not be named
// ---------------------------------------------------------------------------------------------------------------

/// Why something that was found need not be in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Nobody pulls what a comment says, and the program promises to leave comments alone.
    Comment,
    /// A text about images for people. No tool reads it.
    Documentation,
    /// The address of a page or an interface. A pull names a registry without a scheme, or with one of `PULLED`.
    Url,
    /// A file of a format that is not read, `UNREAD`: a program builds the reference, and only running it tells which.
    Unread,
    /// One of `SETTLED`: somebody looked at the line, and no container is pulled there.
    Settled,
}

const CLASSES: [(Class, &str); 5] = [
    (Class::Comment, "comment"),
    (Class::Documentation, "documentation"),
    (Class::Url, "URL"),
    (Class::Unread, "format not read"),
    (Class::Settled, "settled by hand"),
];

/// Lines of the corpus that name no image of a container: the end of the file's path, what stands on the line, and why.
const SETTLED: [(&str, &str, &str); 4] = [
    ("odd-formatting/main.tf", "image = \\\"nginx:1.25\\\"", "an argument of echo that looks like a setting"),
    ("quoted-json/main.tf", "image: nginx:1.25", "an argument of echo that looks like a setting"),
    ("other-registries/main.tf", "image = \"debian-cloud/debian-12\"", "an image of a machine's disk"),
    ("service-module/main.tf", "image = \"ami-0a1b2c3d4e5f67890\"", "an image of a machine"),
];

const DOCUMENTATION: [&str; 1] = [".md"];

/// The schemes under which images and charts are pulled.
const PULLED: [&str; 3] = ["docker", "docker-image", "oci"];

/// The endings of formats that are not read. That each of them is still not read is a test of its own, so that none can
/// go on hiding what the program has learned to read.
const UNREAD: [&str; 8] = [".go", ".java", ".js", ".mjs", ".py", ".rb", ".rs", ".ts"];

fn class(file: &str, line: &[u8], comments: &[Range<usize>], hit: &Hit) -> Option<Class> {
    if ends_with(file, &DOCUMENTATION) {
        Some(Class::Documentation)
    } else if ends_with(file, &UNREAD) {
        Some(Class::Unread)
    } else if comments.iter().any(|comment| comment.contains(&hit.start())) {
        Some(Class::Comment)
    } else if matches!(hit, Hit::Host(_)) && is_url(&line[..hit.start()]) {
        Some(Class::Url)
    } else if SETTLED.iter().any(|(path, text, _)| file.ends_with(path) && is_on(line, text, hit.start())) {
        Some(Class::Settled)
    } else {
        None
    }
}

/// Whether a text stands on a line around this byte.
fn is_on(line: &[u8], text: &str, at: usize) -> bool {
    let mut starts = line.windows(text.len()).enumerate().filter(|(_, window)| *window == text.as_bytes());
    starts.any(|(start, _)| (start..start + text.len()).contains(&at))
}

/// The languages by their comments.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Comments {
    /// JSON, and what is rendered to JSON.
    None,
    /// `#`
    Hash,
    /// `#`, `//`, and `/* ... */` over several lines; none of them but `#` in a heredoc.
    Hcl,
}

impl Comments {
    fn of(file: &str) -> Self {
        let templates = [".tftpl", ".tpl", ".tmpl", ".gotmpl", ".j2", ".jinja2"];
        let rendered = templates.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file);
        if ends_with(rendered, &[".tf", ".tofu", ".tfvars", ".hcl"]) {
            Comments::Hcl
        } else if ends_with(rendered, &[".yaml", ".yml", ".template", ".sh"]) || is_dockerfile(file) {
            Comments::Hash
        } else {
            Comments::None
        }
    }
}

/// The comments on each line of a file. One begins outside of quotes, and at the start of the line or behind white
/// space. A quote that is not closed on its line, as in `don't`, lets none begin.
fn comments(file: &str, lines: &[&[u8]]) -> Vec<Vec<Range<usize>>> {
    let language = Comments::of(file);
    let mut heredoc: Option<Vec<u8>> = None;
    let mut in_block = false;
    let mut all = Vec::new();
    for line in lines {
        let is_heredoc = heredoc.is_some();
        heredoc = heredoc.filter(|word| line.trim_ascii() != word);
        let is_hcl = language == Comments::Hcl && !is_heredoc;
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut quote = None;
        let mut at = 0;
        while at < line.len() && language != Comments::None {
            let rest = &line[at..];
            let is_apart = at == 0 || line[at - 1].is_ascii_whitespace();
            if in_block || is_hcl && quote.is_none() && rest.starts_with(b"/*") {
                let from = if in_block { 0 } else { 2 };
                let end = rest[from..].windows(2).position(|end| end == b"*/").map(|end| at + from + end + 2);
                in_block = end.is_none();
                found.push(at..end.unwrap_or(line.len()));
                at = end.unwrap_or(line.len());
                continue;
            }
            match (quote, line[at]) {
                (_, b'\\') => at += 1,
                (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
                (Some(open), byte) if byte == open => quote = None,
                (None, _) if is_apart && (rest.starts_with(b"#") || is_hcl && rest.starts_with(b"//")) => {
                    found.push(at..line.len());
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        if is_hcl {
            let last = found.last().filter(|comment| comment.end == line.len());
            let code = last.map_or(&line[..], |comment| &line[..comment.start]);
            heredoc = HEREDOC.captures(code).map(|begin| begin[1].to_vec());
        }
        all.push(found);
    }
    all
}

fn is_url(before: &[u8]) -> bool {
    SCHEME
        .captures(before)
        .is_some_and(|scheme| !PULLED.iter().any(|pulled| scheme[1].eq_ignore_ascii_case(pulled.as_bytes())))
}

// ---------------------------------------------------------------------------------------------------------------
// What the report names
// ---------------------------------------------------------------------------------------------------------------

/// Where a finding stands: line and column of its first character, and of the one behind its last.
#[derive(Debug, PartialEq)]
struct Span {
    start: (usize, usize),
    end: (usize, usize),
}

/// What a report speaks of.
#[derive(Debug, Default)]
struct Named {
    spans: BTreeMap<String, Vec<Span>>,
    /// Files that are skipped or not readable.
    files: BTreeSet<String>,
}

/// Reads what `check --format json` printed. A report of another shape names nothing, and must not pass for one.
fn read_report(text: &str) -> Result<Named, String> {
    let report: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if report["version"] != 1 {
        return Err(format!("version {} of the report, not 1", report["version"]));
    }
    let list = |key: &str| report[key].as_array().ok_or(format!("no list `{key}` in the report"));
    let mut named = Named::default();
    for finding in list("findings")? {
        let at = |line: &str, column: &str| Ok::<_, String>((number(finding, line)?, number(finding, column)?));
        let span = Span { start: at("line", "column")?, end: at("end_line", "end_column")? };
        named.spans.entry(file_of(finding)?).or_default().push(span);
    }
    for entry in list("skipped")?.iter().chain(list("errors")?) {
        named.files.insert(file_of(entry)?);
    }
    Ok(named)
}

fn number(value: &Value, key: &str) -> Result<usize, String> {
    value[key].as_u64().and_then(|n| usize::try_from(n).ok()).ok_or(format!("no number `{key}` in {value}"))
}

fn file_of(entry: &Value) -> Result<String, String> {
    let file = entry["file"].as_str().ok_or(format!("no text `file` in {entry}"))?;
    let names = Path::new(file).components().filter(|part| *part != Component::CurDir);
    Ok(names.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Whether a finding covers what was found on a line.
fn covers(span: &Span, number: usize, line: &[u8], hit: &Hit) -> bool {
    let column = |at: usize| (number, String::from_utf8_lossy(&line[..at]).chars().count() + 1);
    match hit {
        Hit::Host(host) => span.start <= column(host.start) && column(host.end) <= span.end,
        Hit::Key { value, .. } => span.start < column(value.end) && column(value.start) < span.end,
    }
}

// ---------------------------------------------------------------------------------------------------------------
// The comparison
// ---------------------------------------------------------------------------------------------------------------

/// How many lines there were of a sort, and how many of them had a host, or a key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    lines: usize,
    hosts: usize,
    keys: usize,
}

impl Tally {
    fn add(&mut self, hits: &[Hit]) {
        self.lines += 1;
        self.hosts += usize::from(hits.iter().any(|hit| matches!(hit, Hit::Host(_))));
        self.keys += usize::from(hits.iter().any(|hit| matches!(hit, Hit::Key { .. })));
    }
}

#[derive(Debug, Default)]
struct Score {
    found: Tally,
    named: Tally,
    in_files: Tally,
    classes: BTreeMap<Class, Tally>,
    left: Tally,
    /// `file:line: text`.
    unexplained: Vec<String>,
}

/// Searches a tree, and holds what is found against what a report names.
fn compare(tree: &Tree, named: &Named) -> Score {
    let mut score = Score::default();
    for (file, bytes) in tree {
        let lines = lines_of(bytes);
        let comments = comments(file, &lines);
        let spans = named.spans.get(file).map_or(&[][..], Vec::as_slice);
        for (number, hits) in search(file, &lines) {
            let line = lines[number - 1];
            score.found.add(&hits);
            if named.files.contains(file) {
                score.in_files.add(&hits);
                continue;
            }
            let is_named = |hit: &&Hit| spans.iter().any(|span| covers(span, number, line, hit));
            let (_, silent): (Vec<_>, Vec<_>) = hits.iter().partition(is_named);
            let classes: Option<Vec<Class>> =
                silent.iter().map(|hit| class(file, line, &comments[number - 1], hit)).collect();
            match classes.as_deref() {
                Some([]) => score.named.add(&hits),
                Some([first, ..]) => score.classes.entry(*first).or_default().add(&hits),
                None => {
                    score.left.add(&hits);
                    score.unexplained.push(format!("{file}:{number}: {}", excerpt(line)));
                }
            }
        }
    }
    score
}

/// A line without its indentation, cut where it is longer than anybody reads.
fn excerpt(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line.trim_ascii()).into_owned();
    let cut: String = text.chars().take(200).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

fn table(score: &Score) -> String {
    let mut text = String::from("                            lines  with a host  with a key\n");
    let mut row = |name: &str, tally: Tally| {
        let Tally { lines, hosts, keys } = tally;
        let _ = writeln!(text, "{name:<26} {lines:>6} {hosts:>12} {keys:>11}");
    };
    row("found", score.found);
    row("named", score.named);
    row("in files skipped or broken", score.in_files);
    for (class, name) in CLASSES {
        row(name, score.classes.get(&class).copied().unwrap_or_default());
    }
    row("unexplained", score.left);
    if !score.unexplained.is_empty() {
        let _ = writeln!(text, "\nunexplained ({}):", score.unexplained.len());
        text.extend(score.unexplained.iter().flat_map(|line| ["  ", line, "\n"]));
    }
    text
}

// ---------------------------------------------------------------------------------------------------------------
// Running the program
// ---------------------------------------------------------------------------------------------------------------

/// Whether a file is part of the tree, and not of what the corpus says about it.
fn is_material(name: &str) -> bool {
    !name.ends_with(".expected.json")
        && !["SOURCE.txt", "LICENSE", "LICENSE.txt", "NOTICE", "NOTICE.txt"].contains(&name)
}

/// The files below a folder that are part of the tree.
fn read_tree(folder: &Path) -> Tree {
    fn go(folder: &Path, below: &str, tree: &mut Tree) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let path = entry.path();
            let name = entry.file_name().into_string().unwrap_or_else(|_| panic!("{}: not Unicode", path.display()));
            if path.is_dir() {
                go(&path, &format!("{below}{name}/"), tree);
            } else if is_material(&name) {
                let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                tree.insert(format!("{below}{name}"), bytes);
            }
        }
    }
    let mut tree = Tree::new();
    go(folder, "", &mut tree);
    tree
}

fn write_tree(folder: &Path, tree: &Tree) {
    for (file, bytes) in tree {
        let path = folder.join(file);
        let parent = path.parent().expect("a file is in a folder");
        fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// Runs the program in the folder. No setting of whoever runs the tests may reach it.
fn check(folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    command.args(CHECK).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AWS_") || text.starts_with("ECREWRITE_") {
            command.env_remove(&name);
        }
    }
    command.output().unwrap_or_else(|error| panic!("{}: {error}", env!("CARGO_BIN_EXE_ecrewrite")))
}

/// What the program names in a tree, run on a copy of it.
fn named_in(tree: &Tree) -> Named {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    write_tree(temporary.path(), tree);
    let output = check(temporary.path());
    read_report(&String::from_utf8_lossy(&output.stdout)).unwrap_or_else(|why| {
        panic!("check ended with {}: {why}\n{}", output.status, String::from_utf8_lossy(&output.stderr))
    })
}

/// Writes past the capturing of the test harness, so that the numbers are to be seen when the test passes, too.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

// ---------------------------------------------------------------------------------------------------------------
// The test
// ---------------------------------------------------------------------------------------------------------------

#[test]
fn every_line_that_a_search_finds_is_named_or_explained() {
    let Some(corpus) = std::env::var_os(FOLDER) else {
        say(&format!("completeness: NOT RUN, {FOLDER} names no folder"));
        return;
    };
    let corpus = Path::new(&corpus);
    assert!(corpus.is_dir(), "{FOLDER}: {} is no folder", corpus.display());

    let tree = read_tree(corpus);
    let score = compare(&tree, &named_in(&tree));
    say(&format!("\ncompleteness: {} files in {}\n\n{}", tree.len(), corpus.display(), table(&score)));

    assert!(score.found.hosts > 0 && score.found.keys > 0, "{FOLDER}: {} has nothing to find", corpus.display());
    let left = score.unexplained.len();
    assert_eq!(left, 0, "{left} unexplained lines, listed above; the first: {}", score.unexplained[0]);
}

// ---------------------------------------------------------------------------------------------------------------
// Tests of the test: it has to be able to fail
// ---------------------------------------------------------------------------------------------------------------

/// A report that names nothing.
const SILENT: &str = r#"{"version": 1, "findings": [], "skipped": [], "errors": []}"#;

/// A tree of one file.
fn tree_of(file: &str, text: &str) -> Tree {
    Tree::from([(file.to_owned(), text.as_bytes().to_vec())])
}

/// What is unexplained in a file if the report names nothing.
fn unexplained(file: &str, text: &str) -> Vec<String> {
    compare(&tree_of(file, text), &Named::default()).unexplained
}

/// The class of a file's only line with something to find, if it has one.
fn class_of(file: &str, text: &str) -> Option<Class> {
    let score = compare(&tree_of(file, text), &Named::default());
    assert_eq!(score.found.lines, 1, "{file}: {text}");
    score.classes.into_keys().next()
}

/// The report of one finding in `app.yaml`.
fn report(start: (usize, usize), end: (usize, usize)) -> Named {
    let finding = format!(
        r#"{{"file": "./app.yaml", "line": {}, "column": {}, "end_line": {}, "end_column": {}}}"#,
        start.0, start.1, end.0, end.1
    );
    read_report(&SILENT.replace(r#""findings": []"#, &format!(r#""findings": [{finding}]"#))).unwrap()
}

#[test]
fn a_line_that_the_report_leaves_out_is_unexplained() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("app.yaml"), "a: 1\nimage: quay.io/a/b:1\n").unwrap();
    fs::write(folder.path().join("app.yaml.expected.json"), r#"{"image": "quay.io/a/b:1"}"#).unwrap();
    let score = compare(&read_tree(folder.path()), &read_report(SILENT).unwrap());
    assert_eq!(score.unexplained, ["app.yaml:2: image: quay.io/a/b:1"]);
    assert_eq!((score.found, score.named), (Tally { lines: 1, hosts: 1, keys: 1 }, Tally::default()));
    assert!(table(&score).ends_with("unexplained (1):\n  app.yaml:2: image: quay.io/a/b:1\n"));
}

#[test]
fn the_program_names_what_it_reads() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: quay.io/a/b:1\n";
    let tree = tree_of("pod.yaml", text);
    let score = compare(&tree, &named_in(&tree));
    assert_eq!((score.unexplained, score.named.lines), (Vec::new(), 1));
    let broken = tree_of("main.tf", "image = \"quay.io/a/b:1\"\n}\n");
    let score = compare(&broken, &named_in(&broken));
    assert_eq!((score.unexplained, score.in_files.lines), (Vec::new(), 1));
}

#[test]
fn a_finding_vouches_only_for_what_it_covers() {
    let left = |text: &str, named: &Named| compare(&tree_of("app.yaml", text), named).unexplained.len();
    let text = "a: 1\nimage: quay.io/a/b:1\n";
    assert_eq!(left(text, &report((2, 8), (2, 21))), 0);
    assert_eq!(left(text, &report((1, 1), (3, 1))), 0);
    assert_eq!(left(text, &report((1, 4), (1, 5))), 1);
    assert_eq!(left(text, &report((2, 16), (2, 21))), 1, "it stands behind the host");
    let two = "x: {image: redis, other: quay.io/a/b:1}\n";
    assert_eq!(left(two, &report((1, 12), (1, 17))), 1, "only the first");
    assert_eq!(left(two, &report((1, 26), (1, 39))), 1, "only the second");
    assert_eq!(left("\u{feff}é: {image: redis}\r\n", &report((1, 12), (1, 17))), 0);
    assert_eq!(left("image: |-\n\n  redis\n", &report((3, 3), (3, 8))), 0);
    assert_eq!(left("image: |-\n\n  redis\n", &report((1, 1), (1, 9))), 1);
}

#[test]
fn a_skipped_or_unreadable_file_is_named_as_a_whole() {
    for list in ["skipped", "errors"] {
        let report = SILENT.replace(&format!(r#""{list}": []"#), &format!(r#""{list}": [{{"file": "./a/app.yaml"}}]"#));
        let named = read_report(&report).unwrap();
        assert_eq!(compare(&tree_of("a/app.yaml", "image: redis"), &named).in_files.lines, 1);
        assert_eq!(compare(&tree_of("b/app.yaml", "image: redis"), &named).left.lines, 1);
    }
}

#[test]
fn hosts_are_found_wherever_they_stand() {
    for text in [
        "docker pull public.ecr.aws/a/b",
        "x: [index.docker.io/a, b]",
        "--image=acme.azurecr.io/a",
        "${name}.azurecr.io/a",
        r#"{"a": "b\nghcr.io/a"}"#,
        r#"{"a": "quay.io\/a"}"#,
        "Quay.IO/a",
        "docker-image://quay.io/a",
        "oci://quay.io/a",
    ] {
        assert_eq!(unexplained("notes.json", text).len(), 1, "{text}");
    }
    for text in [
        "my-quay.io/a",
        "hub.docker.io/a",
        "quay.io",
        "quay.io.example.com/a",
        "quay.iota/a",
        "mydocker.io/a",
        "example.com/cgr.dev/a",
    ] {
        assert_eq!(unexplained("notes.json", text), [] as [String; 0], "{text}");
    }
}

#[test]
fn keys_are_found_with_values_that_say_what_the_image_is() {
    let found = |file: &str, text: &str| search(file, &lines_of(text.as_bytes())).into_keys().collect::<Vec<_>>();
    for (file, text) in [
        ("a.yaml", "image: redis"),
        ("a.yaml", "- {name: a, image: redis}"),
        ("a.yaml", "Image: !Sub '${AWS::AccountId}.dkr.ecr.example/a'"),
        ("a.yaml", "image: &base redis # the base"),
        ("a.yaml", "image: redis:${TAG}"),
        ("a.yaml", "image: ${IMAGE:-redis}"),
        ("a.yaml", "image: '{{ .image | default \"redis\" }}'"),
        ("a.yaml", "Image: !Join ['', [a, !Ref B]]"),
        ("a.yaml", "image: \"''redis"),
        ("a.json", r#""dockerImage" : "redis""#),
        ("a.json", r#""x": "[{\"image\":\"redis\"}]""#),
        ("a.json", r#""x": "a:\nimage: redis""#),
        ("a.tf", "image_uri=\"redis\""),
        ("a.tf", "image = coalesce(var.image, \"redis\")"),
        ("a.tf", "image = var.image == \"\" ? \"redis\" : var.image"),
        ("kustomization.yaml", "newName: redis"),
        ("Dockerfile", "FROM --platform=$BUILDPLATFORM redis AS base"),
        ("build/api.Dockerfile", "COPY --from=redis /a /b"),
    ] {
        assert_eq!(found(file, text), [1], "{file}: {text}");
    }
    for (file, text) in [
        ("a.yaml", "image_tag: '7'"),
        ("a.yaml", "imagePullPolicy: Always"),
        ("a.yaml", "image:"),
        ("a.yaml", "image: # none"),
        ("a.yaml", "image: {repository: redis}"),
        ("a.yaml", "image: \"\""),
        ("a.yaml", "image: !Ref Image"),
        ("a.yaml", "image: *base"),
        ("a.yaml", "image: true"),
        ("a.yaml", "image: ${{ matrix.image }}"),
        ("a.yaml", "image: \"{{ .Values.image }}:{{ .Values.tag }}\""),
        ("a.yaml", "Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"),
        ("a.tf", "image = var.image"),
        ("a.tf", "{ image = local.image, name = \"a\" }"),
        ("a.tf", "image == \"redis\""),
        ("a.tf", "image = \"${var.image}\""),
        ("Dockerfile", "FROM ${BASE}"),
        ("Dockerfile.dockerignore", "FROM redis"),
    ] {
        assert_eq!(found(file, text), [] as [usize; 0], "{file}: {text}");
    }
    assert_eq!(found("Dockerfile", "FROM redis AS Base\nFROM base\nCOPY --from=base a b\nCOPY --from=0 a b"), [1]);
    assert_eq!(found("a.yaml", "Image: !Join\n  - ''\n  - [redis]"), [2]);
    assert_eq!(found("a.tf", "image = <<-EOT\n\n  redis\nEOT"), [3]);
}

#[test]
fn classes_hold_what_they_say_and_no_more() {
    let comment = Some(Class::Comment);
    assert_eq!(class_of("a.yaml", "  # image: redis"), comment);
    assert_eq!(class_of("a.yaml", "a: 1 # image: redis"), comment);
    assert_eq!(class_of("a.yaml", "\u{feff}# image: redis"), comment);
    assert_eq!(class_of("a.yaml", "a: 'x # quay.io/a'"), None);
    assert_eq!(class_of("a.yaml", "a: x#quay.io/a"), None);
    assert_eq!(class_of("a.yaml", "a: don't # quay.io/a"), None);
    assert_eq!(class_of("a.yaml", "// quay.io/a"), None);
    assert_eq!(class_of("a.json", "# quay.io/a"), None);
    assert_eq!(class_of("a.yaml", "image: redis # quay.io/a"), None, "the value before the comment counts");
    assert_eq!(class_of("a.tf", "// image = \"redis\""), comment);
    assert_eq!(class_of("a.tf", "a = 1 /* image = \"redis\" */"), comment);
    assert_eq!(class_of("a.tf", "/* a\n  image = \"redis\"\n*/"), comment);
    assert_eq!(class_of("a.tf", "/* a */ image = \"redis\""), None);
    assert_eq!(class_of("a.tf", "/* a\n*/\nimage = \"redis\""), None);
    assert_eq!(class_of("a.tf", "a = \"/*\"\nimage = \"redis\""), None);
    assert_eq!(class_of("a.tf", "a = <<EOT\n  cp dist/* /* .\n  docker pull quay.io/a\nEOT"), None);
    assert_eq!(class_of("a.tf", "a = <<EOT\n  // quay.io/a\nEOT"), None);
    assert_eq!(class_of("a.tf", "a = /* b */ <<EOT\n  /* quay.io/a\nEOT"), None);
    assert_eq!(class_of("a.tf", "a = <<EOT # b\nEOT\n// quay.io/a"), comment);

    assert_eq!(class_of("a.yaml", "a: https://quay.io/a"), Some(Class::Url));
    assert_eq!(class_of("a.json", r#""https:\/\/acme.azurecr.io\/a""#), Some(Class::Url));
    assert_eq!(class_of("a.yaml", "image: https://quay.io/a"), None, "the key says that it is an image");
    assert_eq!(class_of("a.yaml", "a: docker://quay.io/a"), None);
    assert_eq!(class_of("a.yaml", "a: https://quay.io/a quay.io/b"), None);

    assert_eq!(class_of("docs/a.md", "image: redis"), Some(Class::Documentation));
    assert_eq!(class_of("a.ts", "image: 'redis'"), Some(Class::Unread));
    for file in ["a.template", "a.txt", "Makefile", "a.yaml.tpl", "md"] {
        assert_eq!(class_of(file, "image: redis"), None, "{file}");
    }
}

#[test]
fn formats_that_are_not_read_are_still_not_read() {
    let text = "image: quay.io/a/b:1\nimage = \"quay.io/a/b:1\"\n";
    let tree: Tree = UNREAD.iter().map(|ending| (format!("a{ending}"), text.as_bytes().to_vec())).collect();
    let named = named_in(&tree);
    let read: BTreeSet<&String> = named.spans.keys().chain(&named.files).collect();
    assert!(read.is_empty(), "take these out of the list: {read:?}");
}

#[test]
fn a_report_is_read_strictly() {
    assert!(read_report(SILENT).is_ok());
    assert!(read_report("").is_err());
    assert!(read_report("{}").is_err());
    assert!(read_report(&SILENT.replace("1,", "2,")).is_err());
    assert!(read_report(&SILENT.replace("errors", "other")).is_err());
    assert!(read_report(&SILENT.replace(r#""findings": []"#, r#""findings": [{"file": "a", "line": 1}]"#)).is_err());
}
