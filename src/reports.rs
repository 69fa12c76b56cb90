//! `emit --from`: reports of many checkouts, instead of files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use ecrewrite::report::{Located, Problem, Report};
use ecrewrite::source::display;
use ecrewrite::system::said;
use ecrewrite::{CacheRule, FileReport, Finding, OfficialRoute, Position, Registry, RegistryError, SiteKind, Upstream};
use serde::Deserialize;

use crate::origin::Given;
use crate::origin::is_same;
use crate::scan::Scanned;
use crate::settings::Settings;

/// What is read of a report.
#[derive(Deserialize)]
struct JsonReport {
    findings: Vec<JsonFinding>,
    rules: Option<Vec<JsonRule>>,
    errors: Vec<JsonError>,
    summary: JsonSummary,
}

/// What is read first: the rest may have another shape.
#[derive(Deserialize)]
struct JsonVersion {
    version: u32,
}

#[derive(Deserialize)]
struct JsonFinding {
    kind: String,
    place: String,
    reference: String,
    outcome: JsonOutcome,
    replacement: Option<String>,
    rule: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum JsonOutcome {
    Rewrite,
    Cached,
    Left,
}

#[derive(Deserialize)]
struct JsonRule {
    prefix: String,
    upstream: String,
    upstream_prefix: Option<String>,
    registry: Option<JsonRegistry>,
}

#[derive(Deserialize)]
struct JsonRegistry {
    account: Option<String>,
    region: Option<String>,
}

#[derive(Deserialize)]
struct JsonError {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

#[derive(Deserialize)]
struct JsonSummary {
    #[serde(default)]
    accepted: usize,
}

/// The reports of many checkouts, each after where it was read.
pub(crate) struct Reports(Vec<(String, JsonReport)>);

/// Reads the reports that paths, folders and patterns name.
pub(crate) fn read(from: &[PathBuf]) -> Result<Reports, String> {
    let mut paths = BTreeMap::new();
    for path in from {
        for path in expanded(path)? {
            let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
            paths.entry(whole).or_insert(path);
        }
    }
    let mut reports = paths.into_values().map(|path| read_one(&path)).collect::<Result<Vec<_>, _>>()?;
    reports.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(Reports(reports))
}

fn read_one(path: &Path) -> Result<(String, JsonReport), String> {
    let shown = display(path);
    let text =
        ecrewrite::content::named_text(path).map_err(|error| format!("{shown}: cannot be read: {}", said(&error)))?;
    let no_report = |error: serde_json::Error| {
        format!("{shown}: not a report: {error}\n  `ecrewrite check --format json > {shown}` writes one")
    };
    let JsonVersion { version } = serde_json::from_str(&text).map_err(no_report)?;
    if version != 1 {
        return Err(format!(
            "{shown}: version {version} of the report is not known here: report again with this version of ecrewrite"
        ));
    }
    let report: JsonReport = serde_json::from_str(&text).map_err(no_report)?;
    if report.summary.accepted > 0 {
        return Err(format!("{shown}: it leaves out what a baseline accepts: report again without `--baseline`"));
    }
    Ok((shown, report))
}

/// The reports behind a path: itself, the `.json` files of a folder, or what fits a pattern.
fn expanded(path: &Path) -> Result<Vec<PathBuf>, String> {
    let shown = display(path);
    if path.is_dir() {
        let reports = fitting(&path.join("*.json"));
        return if reports.is_empty() {
            Err(format!("{shown}: there is no report in it: no `.json` file"))
        } else {
            Ok(reports)
        };
    }
    if path.exists() || !shown.contains(['*', '?']) {
        return Ok(vec![path.to_owned()]);
    }
    let reports = fitting(path);
    if reports.is_empty() { Err(format!("{shown}: no file is named like that")) } else { Ok(reports) }
}

/// The files that fit a pattern with `*` and `?` in its parts, sorted.
fn fitting(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        let part = match part {
            Component::Normal(part) if part.to_string_lossy().contains(['*', '?']) => part.to_string_lossy(),
            part => {
                found.iter_mut().for_each(|path| path.push(part));
                continue;
            }
        };
        let below = |folder: &PathBuf| {
            let read = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let names = std::fs::read_dir(read).into_iter().flatten().flatten().map(|entry| entry.file_name());
            let fits = |name: &std::ffi::OsString| {
                let name = name.to_string_lossy();
                !name.starts_with('.') && fits(part.as_bytes(), name.as_bytes())
            };
            names.filter(fits).map(|name| folder.join(name)).collect::<Vec<_>>()
        };
        found = found.iter().flat_map(below).collect();
    }
    found.retain(|path| path.is_file());
    found.sort();
    found
}

/// Whether a name fits a pattern: `*` is any text, `?` any character of one byte.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=name.len()).any(|skipped| fits(rest, &name[skipped..])),
        (Some((wanted, pattern)), Some((byte, name))) => (*wanted == b'?' || wanted == byte) && fits(pattern, name),
        _ => false,
    }
}

impl Reports {
    /// The same as a scan of all the checkouts, as far as reports tell. References that would be rewritten stand in it as
    /// they are afterwards.
    pub(crate) fn scanned(&self, settings: &Settings) -> Result<Scanned, String> {
        let registry = self.registry(settings)?;
        let rules = self.rules(settings)?;
        let mut report = Report::default();
        let mut in_use = Vec::new();
        for (shown, json) in &self.0 {
            for finding in &json.findings {
                let Some(finding) = finding.used(shown, &rules)? else { continue };
                in_use.push(finding);
            }
            report.errors.extend(json.errors.iter().map(|error| Problem {
                path: format!("{shown}: {}", error.file),
                place: error.line.zip(error.column).map(|(line, column)| Position { line, column }),
                message: error.message.clone(),
            }));
        }
        let (official, rules) = official(&in_use, rules.into_values().collect());
        let policies = settings.policies.of_reports(registry, official, &rules).map_err(|error| error.to_string())?;
        let mut file = FileReport::default();
        file.findings = in_use;
        report.files.push(Located::whole(file));
        Ok(Scanned { report, inventories: Vec::new(), policies, notes: Vec::new() })
    }

    /// The registry that all of them name. What a report does not know, the others or the settings say.
    fn registry(&self, settings: &Settings) -> Result<Registry, String> {
        let own = settings.policies.given();
        let given =
            |given: &Option<Given<String>>| given.as_ref().map(|one| (one.origin.to_string(), one.value.clone()));
        let (mut account, mut region) = (given(&own.account), given(&own.region));
        for (shown, report) in &self.0 {
            for registry in report.rules.iter().flatten().filter_map(|rule| rule.registry.as_ref()) {
                agree("account", &mut account, shown, registry.account.as_deref())?;
                agree("region", &mut region, shown, registry.region.as_deref())?;
            }
        }
        let value = |known: &Option<(String, String)>| known.as_ref().map(|known| known.1.clone());
        Registry::new(value(&account).as_deref(), value(&region).as_deref()).map_err(|error| {
            let by = if matches!(error, RegistryError::Account(_)) { &account } else { &region };
            format!("{}: {error}", by.as_ref().map_or("", |by| by.0.as_str()))
        })
    }

    /// The rules in use, by their prefixes, which have to mean one thing.
    fn rules(&self, settings: &Settings) -> Result<BTreeMap<String, CacheRule>, String> {
        let given = settings.policies.given().rules.iter();
        let mut known: Vec<(String, CacheRule)> =
            given.map(|given| (given.origin.to_string(), given.value.clone())).collect();
        let mut rules = BTreeMap::new();
        for (shown, report) in &self.0 {
            let named = report.rules.as_ref().ok_or_else(|| {
                format!("{shown}: it does not name the rules in use: report again with this version of ecrewrite")
            })?;
            for rule in named {
                let rule: CacheRule = rule.text().parse().map_err(|error| format!("{shown}: {error}"))?;
                if let Some((other, clashing)) = known.iter().find(|(_, other)| clash(other, &rule)) {
                    return Err(format!(
                        "{other} and {shown} do not agree on the rules: {} and {}\n  \
                         configure the same rules in all repositories, and report again",
                        text(clashing),
                        text(&rule)
                    ));
                }
                rules.insert(rule.prefix().to_owned(), rule.clone());
                known.push((shown.clone(), rule));
            }
        }
        Ok(rules)
    }

    /// How many references of each repository have which outcome, and which upstreams its rules cache: a table.
    pub(crate) fn table(&self) -> String {
        let mut rows = vec![["repository", "rewrite", "cached", "left", "upstreams"].map(str::to_owned)];
        let mut sums = [0; 3];
        let mut all = BTreeSet::new();
        let row = |name: &str, counts: [usize; 3], upstreams: &BTreeSet<&str>| {
            let [rewrite, cached, left] = counts.map(|count| count.to_string());
            let upstreams: Vec<&str> = upstreams.iter().copied().collect();
            [name.to_owned(), rewrite, cached, left, upstreams.join(", ")]
        };
        for ((_, report), name) in self.0.iter().zip(self.names()) {
            let of = |outcome| report.findings.iter().filter(|finding| finding.outcome == outcome).count();
            let counts = [JsonOutcome::Rewrite, JsonOutcome::Cached, JsonOutcome::Left].map(of);
            let upstreams: BTreeSet<&str> = report.rules.iter().flatten().map(|rule| rule.upstream.as_str()).collect();
            rows.push(row(&name, counts, &upstreams));
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            all.extend(upstreams);
        }
        let repositories = self.0.len();
        rows.push(row(
            &format!("{repositories} {}", if repositories == 1 { "repository" } else { "repositories" }),
            sums,
            &all,
        ));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let [name, rewrite, cached, left] = [0, 1, 2, 3].map(width);
        let mut table = String::new();
        for row in &rows {
            let line =
                format!("{:name$}  {:>rewrite$}  {:>cached$}  {:>left$}  {}", row[0], row[1], row[2], row[3], row[4]);
            let _ = writeln!(table, "{}", line.trim_end());
        }
        table
    }

    /// What the repositories are called: as their reports, or as the paths of these where two would be called the same.
    fn names(&self) -> Vec<String> {
        let short = |shown: &str| {
            let name = shown.rsplit('/').next().unwrap_or(shown);
            name.strip_suffix(".json").unwrap_or(name).to_owned()
        };
        let is_only = |name: &str| self.0.iter().filter(|(other, _)| short(other) == name).count() == 1;
        self.0
            .iter()
            .map(|(shown, _)| Some(short(shown)).filter(|name| is_only(name)).unwrap_or_else(|| shown.clone()))
            .collect()
    }
}

/// Holds what one more report says of the registry against what is known.
fn agree(what: &str, known: &mut Option<(String, String)>, shown: &str, said: Option<&str>) -> Result<(), String> {
    let Some(said) = said else { return Ok(()) };
    let (by, known) = known.get_or_insert_with(|| (shown.to_owned(), said.to_owned()));
    if known == said {
        return Ok(());
    }
    let who = if by == shown { format!("{shown} names") } else { format!("{by} and {shown} name") };
    Err(format!(
        "{who} two registries: {what} {known} and {what} {said}\n  \
         rules belong to one account and one region: give `--from` the reports of one at a time"
    ))
}

/// Whether two rules cannot stand beside each other.
fn clash(one: &CacheRule, other: &CacheRule) -> bool {
    let is_below = |one: &CacheRule, other: &CacheRule| {
        other.prefix().strip_prefix(one.prefix()).is_some_and(|rest| rest.starts_with('/'))
    };
    let same_prefix = one.prefix() == other.prefix();
    is_same(one, other) != same_prefix || is_below(one, other) || is_below(other, one)
}

/// A rule as people write it.
fn text(rule: &CacheRule) -> String {
    let path = rule.upstream_prefix().map_or_else(String::new, |path| format!("/{path}"));
    format!("{}{path}={}", rule.upstream(), rule.prefix())
}

/// The way of official images that references show, if they show one; and the rules that have to be given for it. One that
/// serves official images only comes with that way.
fn official(in_use: &[Finding], mut rules: Vec<CacheRule>) -> (Option<OfficialRoute>, Vec<CacheRule>) {
    let Some(at) =
        rules.iter().position(|rule| *rule.upstream() == Upstream::DockerHub && rule.upstream_prefix().is_none())
    else {
        return (None, rules);
    };
    let prefix = rules[at].prefix();
    let of_rule = in_use.iter().filter(|finding| finding.outcome.rule() == Some(prefix));
    let start = format!("/{prefix}/library/");
    let (official, others): (Vec<_>, Vec<_>) = of_rule.partition(|finding| finding.reference.contains(&start));
    if official.is_empty() {
        return (None, rules);
    }
    if others.is_empty() && prefix == "docker-hub" {
        rules.remove(at);
    }
    (Some(OfficialRoute::DockerHub), rules)
}

impl JsonRule {
    fn text(&self) -> String {
        let path = self.upstream_prefix.as_ref().map_or_else(String::new, |path| format!("/{path}"));
        format!("{}{path}={}", self.upstream, self.prefix)
    }
}

impl JsonFinding {
    /// The reference, if it goes through a rule, as it is afterwards.
    fn used(&self, shown: &str, rules: &BTreeMap<String, CacheRule>) -> Result<Option<Finding>, String> {
        let reference = match self.outcome {
            JsonOutcome::Left => return Ok(None),
            JsonOutcome::Cached => &self.reference,
            JsonOutcome::Rewrite => self.replacement.as_ref().unwrap_or(&self.reference),
        };
        let rule = self.rule.clone().filter(|rule| rules.contains_key(rule));
        let rule = rule.ok_or_else(|| {
            format!("{shown}: {} goes through a rule that `rules` does not name: report again", self.reference)
        })?;
        if self.outcome == JsonOutcome::Rewrite && rule != "ROOT" && !reference.contains(&format!("/{rule}/")) {
            return Err(format!(
                "{shown}: it is a report of `revert`, after which nothing is needed: report again with `check`"
            ));
        }
        let kind = SiteKind::all().find(|kind| kind.id() == self.kind).ok_or_else(|| {
            format!(
                "{shown}: the kind `{}` is not known here: a newer ecrewrite wrote the report, and can read it",
                self.kind
            )
        })?;
        Ok(Some(Finding::cached(kind, self.place.clone(), reference.clone(), rule)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_a_pattern() {
        let rows = [
            ("*.json", "shop.json", true),
            ("*.json", "shop.json.bak", false),
            ("s?op*", "shop.json", true),
            ("*", "", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXcYb", false),
            ("?", "", false),
        ];
        for (pattern, name, is) in rows {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), is, "{pattern} {name}");
        }
    }
}
