//! What a run goes by: flags over the configuration file over the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ecrewrite::config::{Config, Override};
use ecrewrite::destination::Notation;
use ecrewrite::registry::RegistryError;
use ecrewrite::report::{Report, RuleInUse};
use ecrewrite::walk::{Patterns, is_chart_template};
use ecrewrite::{
    Applicability, CacheRule, CdkStyle, Context, CustomPlace, Expression, Expressions, Kinds, OfficialRoute, Options,
    Policy, PolicyError, Registry, Source,
};

use crate::args::{CdkStyleArg, OfficialArg, PolicyArgs};
use crate::existing;
use crate::origin::{ConfigFile, Given, Origin, Own, is_same, values};

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
    /// The same settings, with who gives them.
    pub(crate) sheet: Sheet,
}

/// The policy of each file.
#[derive(Debug, Clone)]
pub(crate) struct Policies {
    pub(crate) base: Policy,
    overrides: Vec<(Patterns, Policy)>,
    /// What the policies were made from, in the same order, the base first.
    pub(crate) parts: Vec<Parts>,
}

/// What a policy is made from, with who gives it.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    registry: Registry,
    pub(crate) account: Option<Given<String>>,
    pub(crate) region: Option<Given<String>>,
    /// The rules that flags and configuration give.
    pub(crate) rules: Vec<Given<CacheRule>>,
    pub(crate) all_upstreams: Given<bool>,
    pub(crate) official: Given<OfficialRoute>,
    /// At most one a language.
    pub(crate) expressions: Vec<Given<Expression>>,
}

impl Parts {
    /// The policy, with rules that were found beside those that are given: one that is given goes before.
    fn policy(&self, found: &[CacheRule]) -> Result<Policy, PolicyError> {
        let mut rules = values(&self.rules);
        for rule in found {
            if !rules.iter().any(|known| is_same(known, rule)) {
                rules.push(rule.clone());
            }
        }
        if self.all_upstreams.value {
            rules.extend(CacheRule::for_all_upstreams(&rules));
        }
        let policy = Policy::new(self.registry.clone(), rules, self.official.value)?;
        Ok(policy.with_expressions(Expressions::from_iter(values(&self.expressions))))
    }

    /// What is wrong with the rules, after who gives those.
    fn located(&self, error: &PolicyError) -> String {
        let is_meant = |rule: &CacheRule| match error {
            PolicyError::Twice(upstream) => rule.upstream() == upstream,
            PolicyError::Overlap(one, other) => [one, other].into_iter().any(|prefix| rule.prefix() == prefix),
            _ => false,
        };
        let meant = self.rules.iter().filter(|given| is_meant(&given.value));
        let mut origins: Vec<String> = meant.map(|given| given.origin.to_string()).collect();
        origins.dedup();
        if origins.is_empty() { error.to_string() } else { format!("{}: {error}", origins.join(" and ")) }
    }
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
        let own = self.given().clone();
        let official = official.map_or(own.official, Given::default_of);
        let parts = Parts { registry, official, ..own };
        Ok(Policies { base: parts.policy(rules)?, overrides: Vec::new(), parts: vec![parts] })
    }

    /// What the policy of files without an override is made from.
    pub(crate) fn given(&self) -> &Parts {
        &self.parts[0]
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
            let in_use = prefixes.into_iter().filter_map(|prefix| policy.rule(prefix));
            rules.extend(in_use.map(|rule| RuleInUse::new(rule, policy.registry())));
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
        // Nobody means a pipe, and who opens one may wait for ever.
        if let Some(found) = file.as_deref().filter(|found| args.config.is_none() && !found.is_file()) {
            let shown = ecrewrite::source::display(found);
            return Err(format!("{shown}: this is not a file: remove it, or name the configuration with `--config`"));
        }
        let file = file.map(ConfigFile::read).transpose().map_err(|error| error.to_string())?;
        Settings::of(args, exclude, &file.unwrap_or_default(), &|name| std::env::var(name).ok())
    }

    /// Resolves flags, a configuration, and what the environment says of a variable.
    pub(crate) fn of(
        args: &PolicyArgs,
        exclude: &[String],
        file: &ConfigFile,
        variable: Variables<'_>,
    ) -> Result<Self, String> {
        let config = &file.config;
        let of_config = file.path.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let of_config = of_config.unwrap_or(Path::new("."));
        let patterns = |folder: &Path, lines: &[String]| {
            let mut patterns = Patterns::none();
            if !lines.is_empty() {
                patterns.add(folder, lines).map_err(|error| format!("{}: {error}", file.shown()))?;
            }
            Ok::<_, String>(patterns)
        };
        let mut all = vec![parts(args, variable, file, None)?];
        let made = |parts: &Parts| parts.policy(&[]).map_err(|error| parts.located(&error));
        let base = made(&all[0])?;
        let mut overrides = Vec::new();
        for (at, own) in config.overrides.iter().enumerate() {
            let parts = parts(args, variable, file, Some(at))?;
            overrides.push((patterns(of_config, &own.paths)?, made(&parts)?));
            all.push(parts);
        }
        let policies = Policies { base, overrides, parts: all };
        let sheet = Sheet::of(args, exclude, file);
        sheet.is_readable()?;
        let mut options = Options::default();
        options.threshold = if sheet.unsafe_fixes.value { Applicability::Unsafe } else { Applicability::Safe };
        options.also = sheet.also.iter().map(|given| given.value).fold(Kinds::default(), Kinds::or);
        options.kustomize_add = sheet.kustomize_add.value;
        options.drop_credentials = args.drop_credentials;
        options.cdk_style = sheet.cdk_style.value;
        let mut excludes = patterns(of_config, &config.exclude)?;
        if !exclude.is_empty() {
            excludes.add(Path::new("."), exclude).map_err(|error| format!("--exclude: {error}"))?;
        }
        let only = patterns(of_config, &config.only)?;
        let existing = args.existing_rules.as_deref().map(existing::read).transpose()?;
        Ok(Settings { policies, options, places: values(&sheet.places), excludes, only, existing, sheet })
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
             ecrewrite.yaml:  {}{}\n  \
             environment:     {}",
            all(|row| row.0.to_owned(), " and the "),
            if missing.len() == 1 { "is" } else { "are" },
            if missing.len() == 1 { "it" } else { "them" },
            all(|row| row.1.to_owned(), " "),
            all(|row| format!("`{}`", row.2), " and "),
            if self.sheet.file.is_none() { "; `ecrewrite init` writes the file" } else { "" },
            all(|row| row.3.to_owned(), " and "),
        ))
    }
}

/// What the environment says of a variable.
pub(crate) type Variables<'v> = &'v dyn Fn(&'static str) -> Option<String>;

/// The settings that are the same for all files, with who gives them, and the files that overrides are for.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// The configuration file, if there is one.
    pub(crate) file: Option<PathBuf>,
    pub(crate) also: Vec<Given<Kinds>>,
    pub(crate) kustomize_add: Given<bool>,
    pub(crate) cdk_style: Given<CdkStyle>,
    pub(crate) excludes: Vec<Given<String>>,
    pub(crate) only: Vec<Given<String>>,
    pub(crate) places: Vec<Given<CustomPlace>>,
    pub(crate) paths: Vec<Given<Vec<String>>>,
    pub(crate) unsafe_fixes: Given<bool>,
}

impl Sheet {
    fn of(args: &PolicyArgs, exclude: &[String], file: &ConfigFile) -> Self {
        let config = &file.config;
        let named = |kinds: &Kinds| Given::new(*kinds, Origin::Flag("--also"));
        let also = Some(config.also).filter(|also| *also != Kinds::default());
        let mut excludes = file.list("exclude", &config.exclude);
        excludes.extend(exclude.iter().map(|pattern| Given::new(pattern.clone(), Origin::Flag("--exclude"))));
        let path = |(at, own): (usize, &Override)| {
            Given::new(own.paths.clone(), file.at(&["overrides", &at.to_string(), "paths"]))
        };
        Sheet {
            file: file.path.clone(),
            also: file.value("also", also).into_iter().chain(args.also.iter().map(named)).collect(),
            kustomize_add: switch(
                "--kustomize-add",
                args.kustomize_add,
                file.value("kustomize_add", config.kustomize_add),
            ),
            cdk_style: Given::flag("--cdk-style", args.cdk_style.map(CdkStyle::from))
                .or(file.value("cdk_style", config.cdk_style))
                .unwrap_or(Given::default_of(CdkStyle::default())),
            excludes,
            only: file.list("only", &config.only),
            places: file.list("places", &config.places),
            paths: config.overrides.iter().enumerate().map(path).collect(),
            unsafe_fixes: switch("--unsafe", args.unsafe_fixes, file.value("unsafe", config.unsafe_fixes)),
        }
    }
}

impl Sheet {
    /// Whether programs are read, where something is said of them; what the default says may stand in a file all the same.
    fn is_readable(&self) -> Result<(), String> {
        let style = &self.cdk_style;
        let is_asked = matches!(style.origin, Origin::Flag(_)) || style.value != CdkStyle::default();
        unread_programs(&style.origin).filter(|_| is_asked).map_or(Ok(()), Err)
    }
}

/// A switch: a flag can only switch it on.
fn switch(flag: &'static str, is_on: bool, of_file: Option<Given<bool>>) -> Given<bool> {
    let flag = Given::flag(flag, is_on.then_some(true));
    flag.or(of_file).unwrap_or(Given::default_of(false))
}

/// The policy of flags over an override over the configuration over the environment.
fn parts(
    args: &PolicyArgs,
    variable: Variables<'_>,
    file: &ConfigFile,
    of_override: Option<usize>,
) -> Result<Parts, String> {
    let all = file.own(None);
    let own = of_override.map_or_else(Own::default, |at| file.own(Some(at)));
    let variable = |name: &'static str| variable(name).map(|value| Given::new(value, Origin::Variable(name)));
    let account = first([
        Given::flag("--account", args.account.clone()),
        own.account,
        all.account,
        variable("ECREWRITE_ACCOUNT"),
    ]);
    let region = first([
        Given::flag("--region", args.region.clone()),
        own.region,
        all.region,
        variable("AWS_REGION"),
        variable("AWS_DEFAULT_REGION"),
    ]);
    let value = |given: &Option<Given<String>>| given.as_ref().map(|given| given.value.clone());
    let registry = Registry::new(value(&account).as_deref(), value(&region).as_deref()).map_err(|error| {
        let given = if matches!(error, RegistryError::Account(_)) { &account } else { &region };
        format!("{}: {error}", given.as_ref().map_or(String::new(), |given| given.origin.to_string()))
    })?;
    // A rule replaces the one for the same upstream that comes later. Two flags for one are a mistake, and stay to be told.
    let of_flag = |rule: &CacheRule| Given::new(rule.clone(), Origin::Flag("--rule"));
    let mut rules: Vec<Given<CacheRule>> = args.rules.iter().map(of_flag).collect();
    for rule in own.rules.into_iter().chain(all.rules) {
        if !rules.iter().any(|known| is_same(&known.value, &rule.value)) {
            rules.push(rule);
        }
    }
    let official = Given::flag("--official", args.official.map(OfficialRoute::from)).or(own.official).or(all.official);
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
    let of_flag = |expression: &Expression| Given::new(expression.clone(), Origin::Flag("--registry-as"));
    let mut expressions: Vec<Given<Expression>> = args.registry_as.iter().map(of_flag).collect();
    for expression in own.registry_as.into_iter().chain(all.registry_as) {
        if !expressions.iter().any(|known| known.value.notation() == expression.value.notation()) {
            expressions.push(expression);
        }
    }
    let of_program = expressions.iter().find(|expression| expression.value.notation().is_of_programs());
    if let Some(why) = of_program.and_then(|expression| unread_programs(&expression.origin)) {
        return Err(why);
    }
    Ok(Parts {
        registry,
        account,
        region,
        rules,
        all_upstreams: switch(
            "--all-upstreams",
            args.all_upstreams,
            file.value("all_upstreams", file.config.all_upstreams),
        ),
        official: official.unwrap_or(Given::default_of(OfficialRoute::default())),
        expressions,
    })
}

/// What a setting for programs is answered where none is read.
fn unread_programs(origin: &Origin) -> Option<String> {
    ecrewrite::Format::unread("app.ts").map(|why| format!("{origin}: {why}"))
}

impl From<CdkStyleArg> for CdkStyle {
    fn from(arg: CdkStyleArg) -> Self {
        match arg {
            CdkStyleArg::Registry => CdkStyle::Registry,
            CdkStyleArg::Repository => CdkStyle::Repository,
        }
    }
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

/// The first value that is given and not empty.
fn first(values: impl IntoIterator<Item = Option<Given<String>>>) -> Option<Given<String>> {
    values.into_iter().flatten().find(|given| !given.value.is_empty())
}
