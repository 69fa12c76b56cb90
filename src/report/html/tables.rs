//! What the page shows without its script: the same as with it, but for what follows the filters.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Data, LIMIT, escape, shown};
use crate::report::json::{JsonError, JsonFinding, JsonRule, JsonSkipped};
use crate::report::{Report, Tense};
use crate::upstream::Upstream;

/// The outcomes of findings, as JSON and style sheet call them.
const OUTCOMES: [&str; 3] = ["rewrite", "cached", "left"];

/// The sums in a sentence.
pub(super) fn lead(report: &Report, tense: Tense) -> String {
    let counts = report.counts();
    let references = plural(counts.rewrite, "reference");
    let files = plural(counts.changed_files, "file");
    let change = match tense {
        _ if counts.rewrite == 0 => "No reference changes".to_owned(),
        Tense::Would => format!("{references} in {files} would change"),
        Tense::Done => format!("{references} in {files} changed"),
    };
    let (cached, left) = (number(counts.cached), number(counts.left_total()));
    format!("{change}, {cached} cached already, {left} left, in {} read.", plural(report.read, "file"))
}

/// What else is to be known of the whole.
pub(super) fn remarks(report: &Report) -> String {
    let mut remarks = Vec::new();
    if !report.errors.is_empty() {
        let errors = plural(report.errors.len(), "error");
        remarks.push(format!("{errors}: see below, under the files that could not be handled."));
    }
    if report.accepted > 0 {
        remarks.push(format!("In the baseline, and not shown: {}.", plural(report.accepted, "reference")));
    }
    for assembly in &report.assemblies {
        remarks.push(format!(
            "{assembly} is a cloud assembly: `cdk deploy --app {assembly}` deploys it as it is, a plain `cdk deploy` \
             synthesises it again."
        ));
    }
    remarks.iter().map(|remark| format!("<p>{}</p>\n", prose(remark))).collect()
}

/// What the page shows of the references without its script.
pub(super) fn limit(data: &Data<'_>) -> String {
    let all = data.report.findings.len();
    let shown = match all > LIMIT {
        true => format!("the first {} of {}", number(LIMIT), plural(all, "reference")),
        false => format!("all of {}", plural(all, "reference")),
    };
    format!("Without JavaScript this page shows {shown}, and has no filters.")
}

/// A part of the page by its name.
pub(super) fn part(name: &str, data: &Data<'_>) -> String {
    let hidden = |is_empty: bool| if is_empty { " hidden".to_owned() } else { String::new() };
    let json = &data.report;
    match name {
        "totals" => totals(data),
        "outcomes" => {
            let heads = OUTCOMES.map(|outcome| data.outcomes.name(outcome));
            heads.map(|head| format!("<th scope=\"col\" class=\"number\">{head}</th>")).concat()
        }
        "by-upstream" => sums(&count(data, |at, _| data.upstreams[at].clone())),
        "by-kind" => sums(&count(data, |_, finding| finding.kind.to_owned())),
        "by-folder" => sums(&count(data, |_, finding| folder(finding.file, &data.base))),
        "by-reason" => reasons(data),
        "no-rules" => hidden(json.rules.is_empty()),
        "rules" => json.rules.iter().map(|one| rule(one, data)).collect(),
        "no-errors" => hidden(json.errors.is_empty()),
        "errors" => json.errors.iter().map(error).collect(),
        "no-skipped" => hidden(json.skipped.is_empty()),
        "skipped" => json.skipped.iter().map(|one| skipped(one, data)).collect(),
        "findings" => findings(data),
        _ => String::new(),
    }
}

/// By name, how many references have which outcome.
type Sums = BTreeMap<String, [usize; 3]>;

fn count(data: &Data<'_>, name: impl Fn(usize, &JsonFinding<'_>) -> String) -> Sums {
    let mut sums = Sums::new();
    for (at, finding) in data.report.findings.iter().enumerate() {
        let outcome = OUTCOMES.iter().position(|outcome| *outcome == finding.outcome).unwrap_or_default();
        sums.entry(name(at, finding)).or_default()[outcome] += 1;
    }
    sums
}

/// The name of the folder below the one that all files share.
fn folder(file: &str, base: &str) -> String {
    let below = &file[base.len()..];
    below.find('/').map_or("./", |end| &below[..=end]).to_owned()
}

fn sums(sums: &Sums) -> String {
    let mut rows: Vec<_> = sums.iter().collect();
    rows.sort_by_key(|(_, sums)| Reverse(sums.iter().sum::<usize>()));
    let cells = |sums: &[usize; 3]| sums.map(cell).concat();
    let row = |(name, sums): (&String, _)| format!("<tr><th scope=\"row\">{}</th>{}</tr>\n", escape(name), cells(sums));
    rows.into_iter().map(row).collect()
}

fn cell(count: usize) -> String {
    let class = if count == 0 { "number zero" } else { "number" };
    format!("<td class=\"{class}\">{}</td>", number(count))
}

fn totals(data: &Data<'_>) -> String {
    let of = |outcome: &str| data.report.findings.iter().filter(|finding| finding.outcome == outcome).count();
    let files: BTreeSet<&str> = data.report.findings.iter().map(|finding| finding.file).collect();
    let outcomes = OUTCOMES.map(|outcome| (data.outcomes.name(outcome), of(outcome), outcome));
    let rows = outcomes.into_iter().chain([("files with references", files.len(), "")]);
    rows.map(|(name, count, class)| format!("<div><dt>{name}</dt><dd class=\"{class}\">{}</dd></div>", number(count)))
        .collect()
}

fn reasons(data: &Data<'_>) -> String {
    let counts = count(data, |_, finding| finding.reason.unwrap_or_default().to_owned());
    let mut rows: Vec<_> =
        counts.iter().filter_map(|(id, sums)| Some((data.reasons.get_key_value(&**id)?, sums[2]))).collect();
    rows.sort_by_key(|(_, count)| Reverse(*count));
    let row = |((id, advice), count): ((&&str, &super::Advice), usize)| {
        let (why, remedy) = (prose(advice.why), prose(advice.remedy));
        format!("<tr><th scope=\"row\">{id}</th>{}{}</tr>\n", cell(count), pair(&why, &remedy))
    };
    rows.into_iter().map(row).collect()
}

fn rule(rule: &JsonRule<'_>, data: &Data<'_>) -> String {
    let needs = match Upstream::named(rule.upstream) {
        Some(upstream) if upstream.needs_credentials() => "It needs a secret with user and access token.",
        Some(_) => "It needs no credentials.",
        None => "It needs a role, if the registry is another account’s.",
    };
    let path = rule.upstream_prefix.map_or_else(String::new, |path| format!("/{path}"));
    let registry = rule.registry.as_ref();
    let known =
        |part: Option<&str>, what: &str| part.map_or_else(|| format!("{what} that is not given"), str::to_owned);
    let account = known(registry.and_then(|registry| registry.account), "an account");
    let region = known(registry.and_then(|registry| registry.region), "a region");
    let using = data.report.findings.iter().filter(|finding| finding.rule == Some(rule.prefix)).count();
    format!(
        "<tr><th scope=\"row\"><code>{}</code></th>{}{}</tr>\n",
        escape(rule.prefix),
        cell(using),
        pair(&escape(&format!("{}{path}, in {account}, {region}", shown(rule.upstream))), needs)
    )
}

fn error(error: &JsonError<'_>) -> String {
    let place = error.place.as_ref().map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
    let (file, message) = (escape(error.file), escape(error.message));
    format!("<tr><th scope=\"row\"><code>{file}{place}</code></th><td class=\"error\">{message}</td></tr>\n")
}

fn skipped(skipped: &JsonSkipped<'_>, data: &Data<'_>) -> String {
    let remedy = data.reasons.get(skipped.reason).map_or("", |advice| advice.remedy);
    let (file, remedy) = (escape(skipped.file), prose(remedy));
    format!(
        "<tr><th scope=\"row\"><code>{file}</code></th>{}</tr>\n",
        pair(&because(skipped.message, skipped.reason), &remedy)
    )
}

/// The first references, by file.
fn findings(data: &Data<'_>) -> String {
    let mut html = String::new();
    let mut file = None;
    for finding in data.report.findings.iter().take(LIMIT) {
        if file != Some(finding.file) {
            html.push_str(if file.is_some() { "</tbody>\n" } else { "" });
            let name = escape(finding.file);
            let _ = writeln!(html, "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\"><code>{name}</code></th></tr>");
            file = Some(finding.file);
        }
        html.push_str(&row(finding, data));
    }
    html + if file.is_some() { "</tbody>" } else { "" }
}

fn row(finding: &JsonFinding<'_>, data: &Data<'_>) -> String {
    let mut what = format!("<code>{}</code>", escape(finding.reference));
    if let Some(to) = finding.replacement {
        let (host, rest) = to.split_at(to.find('/').map_or(0, |end| end + 1));
        let (host, rest) = (escape(host), escape(rest));
        let _ = write!(what, "<code class=\"rewrite\">→ <span class=\"host\">{host}</span><span>{rest}</span></code>");
    }
    let why = match (finding.reason, finding.rule) {
        (Some(id), _) => because(finding.message.unwrap_or_default(), id),
        (None, rule) => {
            let rule = rule.unwrap_or_default();
            let already = if finding.outcome == "cached" { "already " } else { "" };
            escape(&format!(
                "{already}through the rule {rule}, from {}",
                data.rules.get(rule).map_or("", String::as_str)
            ))
        }
    };
    let construct = finding.construct.map_or_else(String::new, |construct| format!(", of the construct {construct}"));
    let place = format!("{}: {}{construct}", finding.kind, finding.place);
    let notes: String = finding.notes.iter().map(|note| format!("<div>{}</div>", prose(note))).collect();
    format!(
        "<tr><td>{}:{}</td><td class=\"{}\">{}</td><td><div class=\"what\"><div class=\"image\">{what}</div><div class=\"why\"><div>{why}</div>{notes}</div><div class=\"where\">{}</div></div></td></tr>\n",
        finding.line,
        finding.column,
        finding.outcome,
        data.outcomes.name(finding.outcome),
        escape(&place)
    )
}

/// A cell with two texts, which stand beside each other where there is room.
fn pair(one: &str, other: &str) -> String {
    format!("<td><div class=\"what\"><div>{one}</div><div>{other}</div></div></td>")
}

/// Why something stays, with the reason's id.
fn because(sentence: &str, id: &str) -> String {
    format!("{} <span class=\"id\">[{id}]</span>", prose(sentence))
}

/// A sentence of ours, in which backticks enclose code.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) }).collect()
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", number(count)) }
}

/// A number, with its thousands apart.
fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut apart = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            apart.push('\u{202f}');
        }
        apart.push(digit);
    }
    apart
}
