//! Settings with which updates keep coming although references name the private registry now.
//!
//! A cached repository lists only the tags that were pulled, so whoever looks for newer ones there finds none.
//!
//! Renovate, as read in its sources (44.121): where a manager knows `registryAliases`, a reference that begins with a key
//! and `/` is looked up with the value instead, the first that fits in the order of the file; the reference keeps its
//! text but for the version (`lib/modules/manager/dockerfile/extract.ts`). Managers of regular expressions do not know
//! them, so a rule with `overridePackageName` does the same there, before the lookup
//! (`lib/util/package-rules/index.ts`). What an alias has changed no longer matches that rule.
//!
//! Dependabot has neither: it asks the registry that the reference names.

use super::{Needs, Style};
use crate::policy::CacheRule;
use crate::upstream::Upstream;

/// The prefix of a rule that fills the whole registry.
const ROOT: &str = "ROOT";

pub(super) fn emit(needs: &Needs, _style: Style) -> Vec<(String, String)> {
    if needs.is_empty() {
        return Vec::new();
    }
    vec![("renovate.json".to_owned(), renovate(needs)), (".github/dependabot.yml".to_owned(), dependabot(needs))]
}

fn renovate(needs: &Needs) -> String {
    let host = needs.registry.host();
    // The first that fits holds, and the registry itself fits everything.
    let (whole, parts): (Vec<&CacheRule>, Vec<&CacheRule>) =
        needs.rules().iter().partition(|rule| rule.prefix() == ROOT);
    let aliases: Vec<String> = parts
        .iter()
        .map(|rule| format!("    \"{host}/{}\": \"{}\"", rule.prefix(), upstream(rule)))
        .chain(whole.iter().map(|rule| format!("    \"{host}\": \"{}\"", upstream(rule))))
        .collect();
    let part = |rule: &&CacheRule| {
        rule_of_packages(&[format!("{host}/{}/**", rule.prefix())], &format!("{host}/{}/", rule.prefix()), rule)
    };
    let all = |rule: &&CacheRule| {
        let others = parts.iter().map(|other| format!("!{host}/{}/**", other.prefix()));
        let names: Vec<String> = [format!("{host}/**")].into_iter().chain(others).collect();
        rule_of_packages(&names, &format!("{host}/"), rule)
    };
    let rules: Vec<String> = parts.iter().map(part).chain(whole.iter().map(all)).collect();
    let private = needs.rules().iter().any(|rule| matches!(rule.upstream(), Upstream::Ecr(_)));
    let mut lines = vec![
        "Images come through ECR's pull-through cache, which lists only tags that were pulled: their versions are"
            .to_owned(),
        "looked up at the upstreams instead. Merge this into the settings that you have.".to_owned(),
    ];
    if private {
        lines.push("Another private ECR registry needs credentials in hostRules.".to_owned());
    }
    lines.extend(needs.placeholders().map(|line| line.trim_start_matches("# ").to_owned()));
    let lines: Vec<String> = lines.iter().map(|line| format!("    \"{line}\"")).collect();
    format!(
        r#"{{
  "$schema": "https://docs.renovatebot.com/renovate-schema.json",
  "description": [
{}
  ],
  "registryAliases": {{
{}
  }},
  "packageRules": [
{}
  ]
}}
"#,
        lines.join(",\n"),
        aliases.join(",\n"),
        rules.join(",\n")
    )
}

/// The rule for managers that know no aliases.
fn rule_of_packages(names: &[String], from: &str, rule: &CacheRule) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    // The first argument is a regular expression.
    let (from, to) = (from.replace('.', r"\\."), upstream(rule));
    format!(
        r#"    {{
      "description": "Where aliases are not known, as in managers of regular expressions",
      "matchDatasources": ["docker"],
      "matchPackageNames": [{}],
      "overridePackageName": "{{{{{{replace '^{from}' '{to}/' packageName}}}}}}"
    }}"#,
        names.join(", ")
    )
}

/// What the name of an image at the upstream begins with.
fn upstream(rule: &CacheRule) -> String {
    let host = match rule.upstream() {
        Upstream::DockerHub => "docker.io",
        upstream => upstream.url(),
    };
    rule.upstream_prefix().map_or_else(|| host.to_owned(), |path| format!("{host}/{path}"))
}

fn dependabot(needs: &Needs) -> String {
    let host = needs.registry.host();
    let placeholders = needs.placeholders().map(|line| format!("# {}\n", line.trim_start_matches("# ")));
    let placeholders = placeholders.unwrap_or_default();
    format!(
        r#"# Dependabot asks the registry that a reference names. A cached repository lists only the tags that were pulled, so
# Dependabot proposes a version only after somebody has pulled it through the cache: it does not look at the upstream,
# and has no setting that would make it. Digests of a tag that was pulled are updated. If that is too little, Renovate
# can look at the upstreams.
#
# The two secrets are those of Dependabot, not of Actions: the access key of a user that may log in and list images
# (ecr:GetAuthorizationToken, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, ecr:ListImages).
# Merge this into the settings that you have.
{placeholders}version: 2
registries:
  ecr:
    type: docker-registry
    url: {host}
    username: ${{{{secrets.ECR_AWS_ACCESS_KEY_ID}}}}
    password: ${{{{secrets.ECR_AWS_SECRET_ACCESS_KEY}}}}
updates:
  # Dockerfiles, manifests of Kubernetes, values of Helm.
  - package-ecosystem: docker
    directories:
      - "**/*"
    registries:
      - ecr
    schedule:
      interval: weekly
  - package-ecosystem: docker-compose
    directories:
      - "**/*"
    registries:
      - ecr
    schedule:
      interval: weekly
"#
    )
}
