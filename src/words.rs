//! The words in which people say a policy and options, in `ecrewrite.yaml` and to the bindings of other languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::destination::Expression;
#[cfg(feature = "cli")]
use crate::options::CdkStyle;
use crate::policy::{CacheRule, OfficialRoute};
use crate::schema::{CustomPlace, Kinds};

/// An account may be written as a number, which it is not: leading zeros count.
pub(crate) fn account<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "account: 12 digits are expected, for example \"111122223333\"")]
    enum Account {
        Text(String),
        Number(u64),
    }
    Ok(Option::<Account>::deserialize(deserializer)?.map(|account| match account {
        Account::Text(text) => text,
        Account::Number(number) => number.to_string(),
    }))
}

pub(crate) fn official<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OfficialRoute>, D::Error> {
    // YAML 1.1 reads `off` as false.
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "official: one of ecr-public, docker-hub, off is expected")]
    enum Route {
        Switch(bool),
        Name(String),
    }
    match Option::<Route>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Route::Switch(false)) => Ok(Some(OfficialRoute::Off)),
        Some(Route::Switch(true)) => Err(serde::de::Error::custom(ROUTES)),
        Some(Route::Name(name)) => match name.as_str() {
            "ecr-public" => Ok(Some(OfficialRoute::EcrPublic)),
            "docker-hub" => Ok(Some(OfficialRoute::DockerHub)),
            "off" => Ok(Some(OfficialRoute::Off)),
            _ => Err(serde::de::Error::custom(ROUTES)),
        },
    }
}

const ROUTES: &str = "official: one of ecr-public, docker-hub, off is expected";

pub(crate) fn places<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CustomPlace>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Place {
        kind: String,
        path: String,
    }
    let places = Vec::<Place>::deserialize(deserializer)?;
    Ok(places.into_iter().map(|Place { kind, path }| CustomPlace { kind, path }).collect())
}

pub(crate) fn also<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kinds, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let kinds = names.iter().map(|name| Kinds::named(name)).collect::<Result<Vec<_>, _>>();
    let kinds = kinds.map_err(|error| serde::de::Error::custom(format!("also: {error}")))?;
    Ok(kinds.into_iter().fold(Kinds::default(), Kinds::or))
}

pub(crate) fn rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CacheRule>, D::Error> {
    let rules = BTreeMap::<String, String>::deserialize(deserializer)?;
    let rule = |(upstream, prefix): (String, String)| format!("{upstream}={prefix}").parse::<CacheRule>();
    rules
        .into_iter()
        .map(rule)
        .collect::<Result<_, _>>()
        .map_err(|error| serde::de::Error::custom(format!("rules: {error}")))
}

pub(crate) fn registry_as<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Expression>, D::Error> {
    let given = BTreeMap::<String, Option<String>>::deserialize(deserializer)?;
    let expression = |(language, text): (String, Option<String>)| {
        format!("{language}={}", text.unwrap_or_default()).parse::<Expression>()
    };
    let expressions = given.into_iter().map(expression).collect::<Result<_, _>>();
    expressions.map_err(|error| serde::de::Error::custom(format!("registry_as: {error}")))
}

#[cfg(feature = "cli")]
pub(crate) fn cdk_style<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CdkStyle>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let known = [CdkStyle::Registry, CdkStyle::Repository].into_iter().find(|style| style.name() == name);
    known.map(Some).ok_or_else(|| serde::de::Error::custom("cdk_style: one of registry, repository is expected"))
}

/// What the reader says of values and keys, without the words of its data model.
pub(crate) fn in_plain_words(message: &str) -> String {
    let plain = |kind: &str| match kind {
        "a sequence" | "sequence" => "a list".to_owned(),
        "a map" | "map" => "a mapping".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" => "a text".to_owned(),
        kind if kind.starts_with("struct ") => "a mapping".to_owned(),
        kind => kind.strip_prefix("string ").map_or(kind.to_owned(), |text| format!("the text {text}")),
    };
    let (start, what) = message.split_at(message.find("invalid type: ").unwrap_or(message.len()));
    let types = what.strip_prefix("invalid type: ").and_then(|types| types.rsplit_once(", expected "));
    match types {
        Some((given, expected)) => format!("{start}{} where {} is expected", plain(given), plain(expected)),
        None => match message.split_once("missing field ") {
            Some((start, key)) => format!("{start}the key {key} is missing"),
            None => message.to_owned(),
        },
    }
}
