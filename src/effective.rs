//! `config`: the settings that hold, and where each comes from, as a configuration.

use std::fmt::Write as _;
use std::io::Write as _;

use ecrewrite::destination::Notation;
use ecrewrite::report::Status;
use ecrewrite::source::display;
use ecrewrite::{CacheRule, Expression, SiteKind, Upstream};

use crate::Failure;
use crate::args::ConfigArgs;
use crate::origin::{Given, Origin, is_same};
use crate::settings::{Parts, Settings};

/// Prints what holds for a folder.
pub(crate) fn run(args: &ConfigArgs) -> Result<Status, Failure> {
    if !args.path.is_dir() {
        return Err(Failure::Misuse(format!("{}: there is no such folder", display(&args.path))));
    }
    let settings = Settings::resolve(&args.policy, &args.exclude, &args.path)?;
    write!(std::io::stdout().lock(), "{}", text(&settings, args))?;
    Ok(Status::Clean)
}

fn text(settings: &Settings, args: &ConfigArgs) -> String {
    let (sheet, parts) = (&settings.sheet, &settings.policies.parts);
    let (base, overrides) = parts.split_first().map_or((None, &[][..]), |(base, rest)| (Some(base), rest));
    let mut out = match &sheet.file {
        Some(file) => format!("# The configuration file is {}.\n", display(file)),
        None => "# There is no configuration file: `ecrewrite init` writes one.\n".to_owned(),
    };
    if let Some(base) = base {
        registry(base, &mut out);
        rules(base, settings, &mut out);
    }
    let kinds =
        SiteKind::all().filter_map(|kind| Some((kind, sheet.also.iter().find(|also| also.value.contains(kind))?)));
    let kinds: Vec<Given<&str>> = kinds.map(|(kind, also)| Given::new(kind.id(), also.origin.clone())).collect();
    list("also", &kinds, |name| scalar(name), &mut out);
    line("kustomize_add", &sheet.kustomize_add.value, &sheet.kustomize_add.origin, &mut out);
    line("cdk_style", &sheet.cdk_style.value.name(), &sheet.cdk_style.origin, &mut out);
    if let Some(base) = base {
        mapping("registry_as", &base.expressions, "", expression, &mut out);
    }
    list("exclude", &sheet.excludes, |pattern| scalar(pattern), &mut out);
    list("only", &sheet.only, |pattern| scalar(pattern), &mut out);
    list(
        "places",
        &sheet.places,
        |place| format!("{{kind: {}, path: {}}}", scalar(&place.kind), scalar(&place.path)),
        &mut out,
    );
    if overrides.is_empty() {
        line("overrides", &"[]", &Origin::Default, &mut out);
    } else {
        out.push_str("overrides:\n");
    }
    for ((paths, own), base) in sheet.paths.iter().zip(overrides).zip(base.into_iter().cycle()) {
        let patterns: Vec<String> = paths.value.iter().map(|path| scalar(path)).collect();
        let _ = writeln!(out, "  - paths: [{}] # {}", patterns.join(", "), paths.origin);
        differences(own, base, &mut out);
    }
    line("unsafe", &sheet.unsafe_fixes.value, &sheet.unsafe_fixes.origin, &mut out);
    if args.policy.drop_credentials {
        out.push_str("# --drop-credentials holds too, which has no key.\n");
    }
    out
}

/// Account, region and the route of official images.
fn registry(parts: &Parts, out: &mut String) {
    let rows = [
        ("account", &parts.account, "--account or ECREWRITE_ACCOUNT"),
        ("region", &parts.region, "--region, AWS_REGION or AWS_DEFAULT_REGION"),
    ];
    for (key, given, ways) in rows {
        match given {
            Some(given) => line(key, &scalar(&given.value), &given.origin, out),
            None => {
                let _ = writeln!(out, "# {key}: not known: give it here, or by {ways}");
            }
        }
    }
    line("official", &scalar(parts.official.value.name()), &parts.official.origin, out);
}

/// The rules that are given, and in comments those that hold besides: they follow from other settings.
fn rules(parts: &Parts, settings: &Settings, out: &mut String) {
    mapping("rules", &sorted(&parts.rules), "", rule, out);
    let is_given = |rule: &CacheRule| parts.rules.iter().any(|given| is_same(&given.value, rule));
    let existing = settings.existing.as_deref().unwrap_or_default();
    let exists = |rule: &CacheRule| existing.iter().any(|known| is_same(known, rule));
    let mut say = |rule: &CacheRule, origin: &str| {
        let _ = writeln!(out, "  # {}: {} # {origin}", upstream_of(rule), rule.prefix());
    };
    for rule in existing.iter().filter(|rule| !is_given(rule)) {
        say(rule, "--existing-rules");
    }
    for rule in settings.policies.base.rules().iter().filter(|rule| !is_given(rule) && !exists(rule)) {
        let origin = match rule.upstream() {
            _ if parts.all_upstreams.value => "all_upstreams",
            Upstream::DockerHub => "official, for Docker's official images only",
            _ => "default",
        };
        say(rule, origin);
    }
    out.push_str("  # Where a registry has no rule above, one that the searched files define holds.\n");
    line("all_upstreams", &parts.all_upstreams.value, &parts.all_upstreams.origin, out);
}

/// What is different for the files of an override.
fn differences(own: &Parts, base: &Parts, out: &mut String) {
    let texts = [("account", &own.account, &base.account), ("region", &own.region, &base.region)];
    for (key, own, base) in texts {
        if let Some(given) = own.as_ref().filter(|_| own != base) {
            let _ = writeln!(out, "    {key}: {} # {}", scalar(&given.value), given.origin);
        }
    }
    if own.official != base.official {
        let _ = writeln!(out, "    official: {} # {}", scalar(own.official.value.name()), own.official.origin);
    }
    let new = |given: &&Given<CacheRule>| !base.rules.contains(given);
    let new: Vec<Given<CacheRule>> = own.rules.iter().filter(new).cloned().collect();
    if !new.is_empty() {
        mapping("rules", &sorted(&new), "    ", rule, out);
    }
    let new = |given: &&Given<Expression>| !base.expressions.contains(given);
    let new: Vec<Given<Expression>> = own.expressions.iter().filter(new).cloned().collect();
    if !new.is_empty() {
        mapping("registry_as", &new, "    ", expression, out);
    }
}

fn line(key: &str, value: &dyn std::fmt::Display, origin: &Origin, out: &mut String) {
    let _ = writeln!(out, "{key}: {value} # {origin}");
}

fn list<T>(key: &str, values: &[Given<T>], shown: impl Fn(&T) -> String, out: &mut String) {
    if values.is_empty() {
        return line(key, &"[]", &Origin::Default, out);
    }
    let _ = writeln!(out, "{key}:");
    for given in values {
        let _ = writeln!(out, "  - {} # {}", shown(&given.value), given.origin);
    }
}

fn mapping<T>(key: &str, values: &[Given<T>], pad: &str, entry: impl Fn(&T) -> (String, String), out: &mut String) {
    if values.is_empty() {
        let _ = writeln!(out, "{pad}{key}: {{}} # {}", Origin::Default);
        return;
    }
    let _ = writeln!(out, "{pad}{key}:");
    for given in values {
        let (key, value) = entry(&given.value);
        let _ = writeln!(out, "{pad}  {}: {value} # {}", scalar(&key), given.origin);
    }
}

fn sorted(rules: &[Given<CacheRule>]) -> Vec<Given<CacheRule>> {
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| upstream_of(&rule.value));
    rules
}

/// A rule as key and value of `rules`.
fn rule(rule: &CacheRule) -> (String, String) {
    (upstream_of(rule), scalar(rule.prefix()))
}

/// What `rules` names a rule's upstream by: its registry, with the part of it that the rule serves.
pub(crate) fn upstream_of(rule: &CacheRule) -> String {
    let below = rule.upstream_prefix().map_or_else(String::new, |below| format!("/{below}"));
    format!("{}{below}", rule.upstream().url())
}

/// An expression as key and value of `registry_as`.
fn expression(expression: &Expression) -> (String, String) {
    let value = match (expression.notation(), expression.name()) {
        (Notation::Dockerfile, Some(name)) => name,
        _ => expression.text(),
    };
    (expression.notation().name().to_owned(), scalar(value))
}

/// A text that YAML reads as one: `ecr-public` is, `111122223333` and `no` have to be quoted.
pub(crate) fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "-._/".contains(char))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
