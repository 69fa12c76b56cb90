//! Cache rules that exist already, as `aws ecr describe-pull-through-cache-rules` prints them.

use std::path::Path;

use ecrewrite::CacheRule;
use ecrewrite::system::said;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    pull_through_cache_rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    ecr_repository_prefix: String,
    upstream_registry_url: String,
    upstream_repository_prefix: Option<String>,
}

/// Reads such a file. The message of an error is complete.
pub(crate) fn read(path: &Path) -> Result<Vec<CacheRule>, String> {
    let shown = ecrewrite::source::display(path);
    let text =
        ecrewrite::content::named_text(path).map_err(|error| format!("{shown}: cannot be read: {}", said(&error)))?;
    let answer: Answer = serde_json::from_str(&text).map_err(|error| {
        format!("{shown}: not what `aws ecr describe-pull-through-cache-rules --output json` prints: {error}")
    })?;
    let rule = |rule: &Rule| {
        let below = rule.upstream_repository_prefix.as_deref().filter(|below| *below != "ROOT");
        let below = below.map_or_else(String::new, |below| format!("/{below}"));
        let prefix = rule.ecr_repository_prefix.trim_end_matches('/');
        format!("{}{below}={prefix}", rule.upstream_registry_url).parse()
    };
    let rules = answer.pull_through_cache_rules.iter().map(rule);
    rules.collect::<Result<_, _>>().map_err(|error: ecrewrite::PolicyError| format!("{shown}: {error}"))
}
