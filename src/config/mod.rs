//! `ecrewrite.yaml`: finding it, reading it, and saying where it is wrong.

mod lines;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::content;
use crate::destination::Expression;
use crate::options::CdkStyle;
use crate::policy::{CacheRule, OfficialRoute};
use crate::schema::{CustomPlace, Kinds};
use crate::source::display;
use crate::system::said;
use crate::words::{account, also, cdk_style, in_plain_words, official, places, registry_as, rules};

pub use lines::Lines;

/// The name of the configuration file.
pub const FILE_NAME: &str = "ecrewrite.yaml";

/// Where the JSON Schema of the configuration is published.
pub const SCHEMA: &str = "https://raw.githubusercontent.com/ecrewrite/ecrewrite/main/schemas/ecrewrite.json";

/// What a configuration file says. What it leaves out is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The account whose registry caches the images.
    #[serde(default, deserialize_with = "account")]
    pub account: Option<String>,
    /// The region of the registry.
    #[serde(default)]
    pub region: Option<String>,
    /// The route of Docker's official images.
    #[serde(default, deserialize_with = "official")]
    pub official: Option<OfficialRoute>,
    /// Cache rules: upstream to prefix.
    #[serde(default, deserialize_with = "rules")]
    pub rules: Vec<CacheRule>,
    /// Whether every upstream without a rule gets one with its default prefix.
    #[serde(default)]
    pub all_upstreams: Option<bool>,
    /// The kinds of files of builds, pipelines and laptops that are changed too.
    #[serde(default, deserialize_with = "also")]
    pub also: Kinds,
    /// Whether kustomizations gain a `newName` where they replace an image by its name only.
    #[serde(default)]
    pub kustomize_add: Option<bool>,
    /// What references in the source of CDK apps become.
    #[serde(default, deserialize_with = "cdk_style")]
    pub cdk_style: Option<CdkStyle>,
    /// What languages say instead of the registry's host.
    #[serde(default, deserialize_with = "registry_as")]
    pub registry_as: Vec<Expression>,
    /// Files and folders to leave out, as patterns of `.gitignore`, relative to the file.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// The only files and folders to read, as the same patterns; empty for all.
    #[serde(default)]
    pub only: Vec<String>,
    /// Places of images beside those that are known.
    #[serde(default, deserialize_with = "places")]
    pub places: Vec<CustomPlace>,
    /// Other settings for some files. The first that fits holds.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Whether to make changes that are right only if something beside the reference changes as well.
    #[serde(default, rename = "unsafe")]
    pub unsafe_fixes: Option<bool>,
}

/// Settings of some files, where they differ from those of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The files and folders, as patterns of `.gitignore`, relative to the configuration.
    pub paths: Vec<String>,
    /// As in [`Config`].
    #[serde(default, deserialize_with = "account")]
    pub account: Option<String>,
    /// As in [`Config`].
    #[serde(default)]
    pub region: Option<String>,
    /// As in [`Config`].
    #[serde(default, deserialize_with = "official")]
    pub official: Option<OfficialRoute>,
    /// As in [`Config`]; a rule replaces the one for the same upstream.
    #[serde(default, deserialize_with = "rules")]
    pub rules: Vec<CacheRule>,
    /// As in [`Config`]; an expression replaces the one of the same language.
    #[serde(default, deserialize_with = "registry_as")]
    pub registry_as: Vec<Expression>,
}

/// The keys of the file, in the order of its documentation.
pub const KEYS: [&str; 14] = [
    "account",
    "region",
    "official",
    "rules",
    "all_upstreams",
    "also",
    "kustomize_add",
    "cdk_style",
    "registry_as",
    "exclude",
    "only",
    "places",
    "overrides",
    "unsafe",
];

/// Why a configuration cannot be used: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Line and column, from 1, where the reader knows them.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&display(&self.path))?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// The configuration file of a folder: the nearest among the folder and those above it, up to the one that holds
    /// `.git`. `None` if there is none.
    pub fn discover(folder: &Path) -> Option<PathBuf> {
        for folder in folder.ancestors() {
            let candidate = folder.join(FILE_NAME);
            if candidate.symlink_metadata().is_ok() {
                return Some(candidate);
            }
            if folder.join(".git").exists() {
                return None;
            }
        }
        None
    }

    /// The text of a configuration file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the file cannot be read.
    pub fn text(path: &Path) -> Result<String, ConfigError> {
        content::named_text(path).map_err(|error| ConfigError {
            path: path.to_owned(),
            place: None,
            message: format!("cannot be read: {}", said(&error)),
            help: None,
        })
    }

    /// Reads the text of a configuration file; `path` is for messages.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if it is not YAML, has a key that does not exist or a value that cannot be.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(Config::default());
        }
        serde_yaml::from_str(text).map_err(|error| {
            let place = error.location().map(|place| (place.line(), place.column()));
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what).to_owned();
            // `unknown field `colour`, expected one of `red`, `blue``
            let mut names = message.split('`').skip(1).step_by(2);
            let unknown = names.next().filter(|_| message.contains("unknown field")).map(str::to_owned);
            let keys: Vec<&str> = names.collect();
            let Some(key) = unknown else {
                // What is wrong with a value is said as `key: what`.
                let key = message.split(':').next().filter(|key| KEYS.contains(key));
                let place = key.and_then(|key| key_place(text, key)).or(place);
                return ConfigError { path: path.to_owned(), place, message: in_plain_words(&message), help: None };
            };
            let place = key_place(text, &key).or(place);
            let nearest = keys.iter().max_by(|one, other| similar(one, &key).total_cmp(&similar(other, &key)));
            let nearest = nearest.filter(|nearest| similar(nearest, &key) > 0.7);
            let help = nearest.map_or_else(
                || format!("the keys are {}", keys.join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            ConfigError { path: path.to_owned(), place, message: format!("unknown key `{key}`"), help: Some(help) }
        })
    }
}

fn similar(one: &str, other: &str) -> f64 {
    strsim::jaro_winkler(one, other)
}

/// Where a key of the outermost mapping stands: the reader of the file names the key, and not always its own place.
fn key_place(text: &str, key: &str) -> Option<(usize, usize)> {
    let is_key = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
    text.lines().position(is_key).map(|line| (line + 1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new(FILE_NAME)).map_err(|error| error.to_string())
    }

    #[test]
    fn every_key() {
        let config = parse(
            "account: 111122223333\nregion: eu-central-1\nofficial: docker-hub\nrules:\n  quay.io: quay\nall_upstreams: true\nalso: [dockerfile]\nkustomize_add: true\ncdk_style: repository\nregistry_as: {cloudformation: }\nexclude: [vendor/]\nonly: [deploy/]\nplaces: [{kind: Backup, path: spec.image}]\noverrides: [{paths: [prod/], account: 444455556666}]\nunsafe: true\n",
        );
        let expected = Config {
            account: Some("111122223333".into()),
            region: Some("eu-central-1".into()),
            official: Some(OfficialRoute::DockerHub),
            rules: vec!["quay.io=quay".parse().unwrap()],
            all_upstreams: Some(true),
            also: Kinds::named("dockerfile").unwrap(),
            kustomize_add: Some(true),
            cdk_style: Some(CdkStyle::Repository),
            registry_as: vec!["cloudformation".parse().unwrap()],
            exclude: vec!["vendor/".into()],
            only: vec!["deploy/".into()],
            places: vec![CustomPlace { kind: "Backup".into(), path: "spec.image".into() }],
            overrides: vec![Override {
                paths: vec!["prod/".into()],
                account: Some("444455556666".into()),
                ..Override::default()
            }],
            unsafe_fixes: Some(true),
        };
        assert_eq!(config, Ok(expected));
        assert_eq!(parse("# nothing yet\n"), Ok(Config::default()));
        assert_eq!(parse("official: off\n").map(|config| config.official), Ok(Some(OfficialRoute::Off)));
    }

    #[test]
    fn errors_say_where_and_what_to_do() {
        let rows = [
            ("account: \"1\"\nregon: x\n", "ecrewrite.yaml:2:1: unknown key `regon`\n  did you mean `region`?"),
            (
                "zzz: 1\n",
                "ecrewrite.yaml:1:1: unknown key `zzz`\n  the keys are account, region, official, rules, all_upstreams, also, kustomize_add, cdk_style, registry_as, exclude, only, places, overrides, unsafe",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(parse(text), Err(expected.into()));
        }
        for (text, part) in [
            ("rules:\n  gcr.io: gcr\n", "ECR cannot cache `gcr.io`"),
            ("rules:\n  quay.io: Q\n", "cannot be the prefix"),
            ("registry_as: {dockerfile: A-B}\n", "registry_as: `A-B` is no registry in dockerfile"),
            (
                "region: x-y\ncdk_style: both\n",
                "ecrewrite.yaml:2:1: cdk_style: one of registry, repository is expected",
            ),
            ("official: both\n", "one of ecr-public, docker-hub, off"),
            ("region: x-y\nofficial: both\n", "ecrewrite.yaml:2:1: official: one of"),
            ("account: [1]\n", "ecrewrite.yaml:1:1: account: 12 digits"),
            ("account: 1\nrules:\n  quay.io: Q\n", "ecrewrite.yaml:2:1: rules: `Q` cannot be"),
            ("exclude: 1\n", "ecrewrite.yaml:1:"),
            ("a: [\n", "ecrewrite.yaml:"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
