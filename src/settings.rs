//! What a run goes by: flags over the configuration file over the environment.

use std::path::{Path, PathBuf};

use ecrewrite::config::Config;
use ecrewrite::registry::RegistryError;
use ecrewrite::walk::Excludes;
use ecrewrite::{Applicability, CacheRule, Kinds, OfficialRoute, Options, Policy, Registry};

use crate::args::{OfficialArg, PolicyArgs};

/// What a run goes by.
pub(crate) struct Settings {
    pub(crate) policy: Policy,
    pub(crate) options: Options,
    pub(crate) excludes: Excludes,
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
        let of_file = |value| (file.as_deref().map(ecrewrite::source::display).unwrap_or_default(), value);
        let flag = |name: &str, value: &Option<String>| (name.to_owned(), value.clone());
        let account = [flag("--account", &args.account), of_file(config.account), variable("ECREWRITE_ACCOUNT")];
        let region = [
            flag("--region", &args.region),
            of_file(config.region),
            variable("AWS_REGION"),
            variable("AWS_DEFAULT_REGION"),
        ];
        let (account, region) = (first(account), first(region));
        let value = |given: &Option<(String, String)>| given.as_ref().map(|(_, value)| value.clone());
        let registry = Registry::new(value(&account).as_deref(), value(&region).as_deref()).map_err(|error| {
            let given = if matches!(error, RegistryError::Account(_)) { &account } else { &region };
            format!("{}: {error}", given.as_ref().map_or("", |(origin, _)| origin))
        })?;
        // A flag for an upstream replaces the file's rule for it.
        let of_file = config.rules.into_iter();
        let kept = of_file.filter(|rule| {
            args.rules
                .iter()
                .all(|flag| (flag.upstream(), flag.upstream_prefix()) != (rule.upstream(), rule.upstream_prefix()))
        });
        let mut rules: Vec<CacheRule> = args.rules.iter().cloned().chain(kept).collect();
        if args.all_upstreams || config.all_upstreams == Some(true) {
            rules.extend(CacheRule::for_all_upstreams(&rules));
        }
        let official = args.official.map(OfficialRoute::from).or(config.official).unwrap_or_default();
        let policy = Policy::new(registry, rules, official).map_err(|error| error.to_string())?;
        let unsafe_fixes = args.unsafe_fixes || config.unsafe_fixes == Some(true);
        let threshold = if unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        let also = args.also.iter().copied().fold(config.also, Kinds::or);
        let kustomize_add = args.kustomize_add || config.kustomize_add == Some(true);
        let mut excludes = Excludes::none();
        let add = |excludes: &mut Excludes, folder: &Path, patterns: &[String]| {
            if patterns.is_empty() { Ok(()) } else { excludes.add(folder, patterns).map_err(|error| error.to_string()) }
        };
        let of_config = file.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        add(&mut excludes, of_config.unwrap_or(Path::new(".")), &config.exclude)?;
        add(&mut excludes, Path::new("."), exclude)?;
        Ok(Settings { policy, options: Options { threshold, also, kustomize_add, ..Options::default() }, excludes })
    }

    /// What is missing before references can be written, with the ways to give it.
    pub(crate) fn missing(&self) -> Option<String> {
        let registry = self.policy.registry();
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
