//! What a run goes by: flags over the configuration file over the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ecrewrite::config::{Config, Override};
use ecrewrite::destination::Notation;
use ecrewrite::registry::RegistryError;
use ecrewrite::report::{Report, RuleInUse};
use ecrewrite::walk::{Patterns, is_chart_template};
use ecrewrite::{
    Applicability, CacheRule, Context, CustomPlace, Expressions, Kinds, OfficialRoute, Options, Policy, PolicyError,
    Registry, Source,
};

use crate::args::{OfficialArg, PolicyArgs};
use crate::existing;

/// What a run goes by.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) policies: Policies,
    pub(crate) options: Options,
    pub(crate) places: Vec<CustomPlace>,
    pub(crate) excludes: Patterns,
    pub(crate) only: Patterns,
    /// Cache rules that exist already; `None` if nobody said which.
    pub(crate) existing: Option<Vec<CacheRule>>,
}

/// The policy of each file.
#[derive(Debug, Clone)]
pub(crate) struct Policies {
    pub(crate) base: Policy,
    overrides: Vec<(Patterns, Policy)>,
    /// What the policies were made from, in the same order, the base first.
    parts: Vec<Parts>,
}

/// What a policy is made from.
#[derive(Debug, Clone)]
struct Parts {
    registry: Registry,
    /// The rules that flags and configuration give.
    rules: Vec<CacheRule>,
    all_upstreams: bool,
    official: OfficialRoute,
    expressions: Expressions,
}

impl Parts {
    /// The policy, with rules that were found beside those that are given: one that is given goes before.
    fn policy(&self, found: &[CacheRule]) -> Result<Policy, PolicyError> {
        let mut rules = self.rules.clone();
        for rule in found {
            if !rules.iter().any(|known| is_same(known, rule)) {
                rules.push(rule.clone());
            }
        }
        if self.all_upstreams {
            rules.extend(CacheRule::for_all_upstreams(&rules));
        }
        let policy = Policy::new(self.registry.clone(), rules, self.official)?;
        Ok(policy.with_expressions(self.expressions.clone()))
    }
}

/// Whether two rules are for one part of one upstream.
pub(crate) fn is_same(one: &CacheRule, other: &CacheRule) -> bool {
    (one.upstream(), one.upstream_prefix()) == (other.upstream(), other.upstream_prefix())
}

impl Policies {
    /// The same, with rules that stand in the files; `None` if they make no difference, or cannot be used together.
    pub(crate) fn with_found(&self, found: &[CacheRule]) -> Option<Policies> {
        let mut policies = self.parts.iter().map(|parts| parts.policy(found).ok());
        let base = policies.next()??;
        let overrides = self.overrides.iter().zip(policies);
        let overrides = overrides.map(|((paths, _), policy)| Some((paths.clone(), policy?)));
        let changed = Policies { base, overrides: overrides.collect::<Option<_>>()?, parts: self.parts.clone() };
        (!changed.is_as(self)).then_some(changed)
    }

    /// The policy of reports of other checkouts, with their registry and the rules that they name; overrides are for files.
    pub(crate) fn of_reports(
        &self,
        registry: Registry,
        official: Option<OfficialRoute>,
        rules: &[CacheRule],
    ) -> Result<Policies, PolicyError> {
        let own = self.parts[0].clone();
        let parts = Parts { registry, official: official.unwrap_or(own.official), ..own };
        Ok(Policies { base: parts.policy(rules)?, overrides: Vec::new(), parts: vec![parts] })
    }

    /// The rules that flags and configuration give.
    pub(crate) fn given(&self) -> &[CacheRule] {
        self.parts.first().map_or(&[], |parts| &parts.rules)
    }

    /// Whether these are the same.
    pub(crate) fn is_as(&self, other: &Policies) -> bool {
        self.base == other.base
            && self.overrides.iter().map(|own| &own.1).eq(other.overrides.iter().map(|other| &other.1))
    }

    fn all(&self) -> impl Iterator<Item = &Policy> {
        std::iter::once(&self.base).chain(self.overrides.iter().map(|own| &own.1))
    }

    /// The policy of the file with this path.
    pub(crate) fn of(&self, path: &Path) -> &Policy {
        let own = self.overrides.iter().find(|(paths, _)| paths.contains(path, false));
        own.map_or(&self.base, |(_, policy)| policy)
    }

    /// The cache rules that the findings of a report go through.
    pub(crate) fn in_use(&self, report: &Report) -> Vec<RuleInUse> {
        let mut rules = BTreeSet::new();
        for file in &report.files {
            let prefixes: BTreeSet<&str> = file.report.findings.iter().filter_map(|one| one.outcome.rule()).collect();
            if prefixes.is_empty() {
                continue;
            }
            let policy = self.of(Path::new(&file.report.path));
            let (account, region) = (policy.registry().known_account(), policy.registry().known_region());
            rules.extend(prefixes.into_iter().filter_map(|prefix| policy.rule(prefix)).map(|rule| RuleInUse {
                prefix: rule.prefix().to_owned(),
                upstream: rule.upstream().url().to_owned(),
                upstream_prefix: rule.upstream_prefix().map(str::to_owned),
                account: account.map(str::to_owned),
                region: region.map(str::to_owned),
            }));
        }
        rules.into_iter().collect()
    }
}

impl Settings {
    /// Resolves flags, configuration and environment. The message of an error is complete.
    pub(crate) fn resolve(args: &PolicyArgs, exclude: &[String], folder: &Path) -> Result<Self, String> {
        let file = match &args.config {
            Some(file) => Some(file.clone()),
            None => here(folder).canonicalize().ok().and_then(|folder| Config::discover(&folder)).map(from_here),
        };
        let config = file.as_deref().map(Config::read).transpose().map_err(|error| error.to_string())?;
        let config = config.unwrap_or_default();
        let origin = file.as_deref().map(ecrewrite::source::display).unwrap_or_default();
        let of_config = file.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let of_config = of_config.unwrap_or(Path::new("."));
        let patterns = |folder: &Path, lines: &[String]| {
            let mut patterns = Patterns::none();
            if !lines.is_empty() {
                patterns.add(folder, lines).map_err(|error| format!("{origin}: {error}"))?;
            }
            Ok::<_, String>(patterns)
        };
        let mut all = vec![parts(args, &origin, &config, &Override::default())?];
        let made = |parts: &Parts| parts.policy(&[]).map_err(|error| error.to_string());
        let base = made(&all[0])?;
        let mut overrides = Vec::new();
        for own in &config.overrides {
            let parts = parts(args, &origin, &config, own)?;
            overrides.push((patterns(of_config, &own.paths)?, made(&parts)?));
            all.push(parts);
        }
        let policies = Policies { base, overrides, parts: all };
        let unsafe_fixes = args.unsafe_fixes || config.unsafe_fixes == Some(true);
        let options = Options {
            threshold: if unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe },
            also: args.also.iter().copied().fold(config.also, Kinds::or),
            kustomize_add: args.kustomize_add || config.kustomize_add == Some(true),
            drop_credentials: args.drop_credentials,
            ..Options::default()
        };
        let mut excludes = patterns(of_config, &config.exclude)?;
        if !exclude.is_empty() {
            excludes.add(Path::new("."), exclude).map_err(|error| error.to_string())?;
        }
        let only = patterns(of_config, &config.only)?;
        let existing = args.existing_rules.as_deref().map(existing::read).transpose()?;
        Ok(Settings { policies, options, places: config.places, excludes, only, existing })
    }

    /// Whether some language says something else than the registry's host.
    pub(crate) fn has_expressions(&self) -> bool {
        self.policies.all().any(|policy| !policy.expressions().is_empty())
    }

    /// What is known of a file before it is read.
    pub(crate) fn context(&self, path: &Path, source: &Source) -> Context {
        let context = Context::new("", self.places.clone(), Vec::new(), BTreeMap::new());
        match self.is_chart_template(path) {
            true => context.with_chart_templates([source.path().to_owned()]),
            false => context,
        }
    }

    /// Whether a file is a template of a chart, where that makes a difference.
    pub(crate) fn is_chart_template(&self, path: &Path) -> bool {
        let has_expression = self.policies.all().any(|policy| policy.expressions().get(Notation::Helm).is_some());
        has_expression && is_chart_template(path)
    }

    /// What is missing before references can be written, with the ways to give it.
    pub(crate) fn missing(&self) -> Option<String> {
        let registry = self.policies.base.registry();
        let account = ("account", "--account 111122223333", "account: \"111122223333\"", "ECREWRITE_ACCOUNT");
        let region = ("region", "--region eu-central-1", "region: eu-central-1", "AWS_REGION (or AWS_DEFAULT_REGION)");
        let missing: Vec<_> = [(registry.known_account(), account), (registry.known_region(), region)]
            .into_iter()
            .filter_map(|(known, row)| known.is_none().then_some(row))
            .collect();
        if missing.is_empty() {
            return None;
        }
        let all = |column: fn(&(&str, &str, &str, &str)) -> String, by: &str| {
            missing.iter().map(column).collect::<Vec<_>>().join(by)
        };
        Some(format!(
            "the {} of the private registry {} not known; give {} in one of three ways:\n  \
             flags:           {}\n  \
             ecrewrite.yaml:  {}\n  \
             environment:     {}",
            all(|row| row.0.to_owned(), " and the "),
            if missing.len() == 1 { "is" } else { "are" },
            if missing.len() == 1 { "it" } else { "them" },
            all(|row| row.1.to_owned(), " "),
            all(|row| format!("`{}`", row.2), " and "),
            all(|row| row.3.to_owned(), " and "),
        ))
    }
}

/// The policy of flags over an override over the configuration over the environment.
fn parts(args: &PolicyArgs, origin: &str, config: &Config, own: &Override) -> Result<Parts, String> {
    let of_file = |own: &Option<String>, value: &Option<String>| (origin.to_owned(), own.clone().or(value.clone()));
    let flag = |name: &str, value: &Option<String>| (name.to_owned(), value.clone());
    let account =
        [flag("--account", &args.account), of_file(&own.account, &config.account), variable("ECREWRITE_ACCOUNT")];
    let region = [
        flag("--region", &args.region),
        of_file(&own.region, &config.region),
        variable("AWS_REGION"),
        variable("AWS_DEFAULT_REGION"),
    ];
    let (account, region) = (first(account), first(region));
    let value = |given: &Option<(String, String)>| given.as_ref().map(|(_, value)| value.clone());
    let registry = Registry::new(value(&account).as_deref(), value(&region).as_deref()).map_err(|error| {
        let given = if matches!(error, RegistryError::Account(_)) { &account } else { &region };
        format!("{}: {error}", given.as_ref().map_or("", |(origin, _)| origin))
    })?;
    // A rule replaces the one for the same upstream that comes later. Two flags for one are a mistake, and stay to be told.
    let mut rules: Vec<CacheRule> = args.rules.clone();
    for rule in own.rules.iter().chain(&config.rules) {
        if !rules.iter().any(|known| is_same(known, rule)) {
            rules.push(rule.clone());
        }
    }
    let official = args.official.map(OfficialRoute::from).or(own.official).or(config.official).unwrap_or_default();
    for (at, expression) in args.registry_as.iter().enumerate() {
        let language = expression.notation();
        if let Some(other) = args.registry_as[..at].iter().find(|other| other.notation() == language) {
            return Err(format!(
                "--registry-as: two expressions for {}, `{}` and `{}`: give one",
                language.name(),
                other.text(),
                expression.text()
            ));
        }
    }
    let expressions = args.registry_as.iter().chain(&own.registry_as).chain(&config.registry_as);
    let expressions = expressions.cloned().collect();
    let all_upstreams = args.all_upstreams || config.all_upstreams == Some(true);
    Ok(Parts { registry, rules, all_upstreams, official, expressions })
}

impl From<OfficialArg> for OfficialRoute {
    fn from(arg: OfficialArg) -> Self {
        match arg {
            OfficialArg::EcrPublic => OfficialRoute::EcrPublic,
            OfficialArg::DockerHub => OfficialRoute::DockerHub,
            OfficialArg::Off => OfficialRoute::Off,
        }
    }
}

/// The folder whose configuration holds for these paths: that of the first one.
pub(crate) fn folder_of(paths: &[PathBuf]) -> PathBuf {
    match paths.first() {
        Some(path) if path.is_dir() => path.clone(),
        Some(path) if path != Path::new("-") => path.parent().map(Path::to_owned).unwrap_or_default(),
        _ => PathBuf::from("."),
    }
}

/// A path as seen from the current folder, where it is below it.
fn from_here(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
}

fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The first value that is given, after where it comes from.
fn first(values: impl IntoIterator<Item = (String, Option<String>)>) -> Option<(String, String)> {
    values.into_iter().find_map(|(origin, value)| Some((origin, value.filter(|value| !value.is_empty())?)))
}

fn variable(name: &str) -> (String, Option<String>) {
    (name.to_owned(), std::env::var(name).ok())
}
