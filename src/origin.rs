//! Who gives a setting: a flag, a line of the configuration, a variable of the environment, or nobody.

use std::fmt;
use std::path::PathBuf;

use ecrewrite::config::{Config, ConfigError, Lines};
use ecrewrite::{CacheRule, Expression, OfficialRoute};

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, by its name.
    Flag(&'static str),
    /// The configuration file, and the line if it is known.
    File(String, Option<usize>),
    /// A variable of the environment, by its name.
    Variable(&'static str),
    /// Nobody gave it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) | Origin::Variable(name) => f.write_str(name),
            Origin::File(file, Some(line)) => write!(f, "{file}:{line}"),
            Origin::File(file, None) => f.write_str(file),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A setting, and who gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Given<T> {
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Given { value, origin }
    }

    /// What nobody gave.
    pub(crate) fn default_of(value: T) -> Self {
        Given::new(value, Origin::Default)
    }

    /// What a flag gives, if it was given.
    pub(crate) fn flag(name: &'static str, value: Option<T>) -> Option<Self> {
        value.map(|value| Given::new(value, Origin::Flag(name)))
    }
}

/// The values of several settings.
pub(crate) fn values<T: Clone>(given: &[Given<T>]) -> Vec<T> {
    given.iter().map(|given| given.value.clone()).collect()
}

/// A configuration file, or none.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    pub(crate) path: Option<PathBuf>,
    pub(crate) config: Config,
    lines: Lines,
}

impl ConfigFile {
    pub(crate) fn read(path: PathBuf) -> Result<Self, ConfigError> {
        let text = Config::text(&path)?;
        ConfigFile::parse(path, &text)
    }

    pub(crate) fn parse(path: PathBuf, text: &str) -> Result<Self, ConfigError> {
        let config = Config::parse(text, &path)?;
        Ok(ConfigFile { path: Some(path), config, lines: Lines::of(text) })
    }

    /// Its name in messages.
    pub(crate) fn shown(&self) -> String {
        self.path.as_deref().map(ecrewrite::source::display).unwrap_or_default()
    }

    /// The place of a value in it.
    pub(crate) fn at(&self, way: &[&str]) -> Origin {
        Origin::File(self.shown(), self.lines.at(way))
    }

    /// A value of it, if it gives that.
    pub(crate) fn value<T>(&self, key: &str, value: Option<T>) -> Option<Given<T>> {
        value.map(|value| Given::new(value, self.at(&[key])))
    }

    /// The elements of a list in it.
    pub(crate) fn list<T: Clone>(&self, key: &str, values: &[T]) -> Vec<Given<T>> {
        let element = |(at, value): (usize, &T)| Given::new(value.clone(), self.at(&[key, &at.to_string()]));
        values.iter().enumerate().map(element).collect()
    }

    /// The settings of some files, or of all, with their places.
    pub(crate) fn own(&self, of: Option<usize>) -> Own {
        let at = of.map(|at| at.to_string());
        let above: Vec<&str> = at.iter().flat_map(|at| ["overrides", at.as_str()]).collect();
        let origin = |key: &str| self.at(&[&above[..], &[key]].concat());
        let (own, all) = (of.and_then(|at| self.config.overrides.get(at)), &self.config);
        let (account, region) = own.map_or((&all.account, &all.region), |own| (&own.account, &own.region));
        let official = own.map_or(all.official, |own| own.official);
        let (rules, registry_as) = own.map_or((&all.rules, &all.registry_as), |own| (&own.rules, &own.registry_as));
        let place = |rule: &CacheRule| {
            let way = [&above[..], &["rules"]].concat();
            let is_it = |key: &str| {
                let known = format!("{key}={}", rule.prefix()).parse::<CacheRule>();
                known.is_ok_and(|known| is_same(&known, rule))
            };
            let line = self.lines.below(&way).find(|(key, _)| is_it(key)).map(|(_, line)| line);
            Origin::File(self.shown(), line)
        };
        let language =
            |expression: &Expression| self.at(&[&above[..], &["registry_as", expression.notation().name()]].concat());
        Own {
            account: account.clone().map(|value| Given::new(value, origin("account"))),
            region: region.clone().map(|value| Given::new(value, origin("region"))),
            official: official.map(|value| Given::new(value, origin("official"))),
            rules: rules.iter().map(|rule| Given::new(rule.clone(), place(rule))).collect(),
            registry_as: registry_as.iter().map(|one| Given::new(one.clone(), language(one))).collect(),
        }
    }
}

/// What a configuration says of the registry: for all files, or for some.
#[derive(Default)]
pub(crate) struct Own {
    pub(crate) account: Option<Given<String>>,
    pub(crate) region: Option<Given<String>>,
    pub(crate) official: Option<Given<OfficialRoute>>,
    pub(crate) rules: Vec<Given<CacheRule>>,
    pub(crate) registry_as: Vec<Given<Expression>>,
}

/// Whether two rules are for one part of one upstream.
pub(crate) fn is_same(one: &CacheRule, other: &CacheRule) -> bool {
    (one.upstream(), one.upstream_prefix()) == (other.upstream(), other.upstream_prefix())
}
