//! A policy for Kyverno that does with new pods what `rewrite` does with files.
//!
//! Kyverno's own variables of images (`images.containers.*.path`) lack `library/` for official images, so the reference
//! is taken as it is written. A table of regular expressions says what becomes of it: the first that matches decides,
//! and the last keeps what is left. That is also why a second run changes nothing: the own registry is no upstream.
//!
//! Facts: `regex_match` and `regex_replace_all` of Kyverno's JMESPath take Go's syntax, RE2, which has no lookahead. A
//! variable that evaluates to nothing fails the rule (`pkg/engine/context/loaders/variable.go`), and `$(` would be a
//! reference of Kyverno's own. `Pod/ephemeralcontainers` is matched since Kyverno 1.9.

use super::{Needs, Style};
use crate::policy::{CacheRule, OfficialRoute};
use crate::registry::EcrHost;
use crate::upstream::{Upstream, on_docker_hub, on_ecr_public};

const NOTHING: &str = "# No image reference in use goes through a pull-through cache rule, so nothing is needed.\n";
/// The prefix of a rule that fills the whole registry.
const ROOT: &str = "ROOT";
/// What matches anything and replaces nothing.
const KEEP: &str = "$0";

pub(super) fn emit(needs: &Needs, _style: Style) -> String {
    if needs.is_empty() {
        return NOTHING.to_owned();
    }
    let placeholders = needs.placeholders().map(|line| format!("# {}\n", line.trim_start_matches("# ")));
    let placeholders = placeholders.unwrap_or_default();
    let containers = ["containers", "initContainers"].map(|list| each(list, None)).concat();
    // Whoever adds one sends the ones before it along, and those cannot be changed any more.
    let added = "                - key: '{{ element.name }}'
                  operator: AnyNotIn
                  value: '{{ request.oldObject.spec.ephemeralContainers[].name || `[]` }}'
";
    let ephemeral = each("ephemeralContainers", Some(added));
    let table = table(needs);
    format!(
        r#"# New pods pull their images through ECR's pull-through cache. The order matters: cache rules and permissions of the
# nodes first, then this policy, or pods do not start. For Kyverno 1.9 and later.
{placeholders}# Pods that run stay as they are, and so do Deployments and the like, which somebody else may reconcile. Images of
# operators change below them, and some operators take that for a drift: exclude their namespaces.
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: ecr-pull-through-cache
  annotations:
    # Pods alone: not the objects that make them.
    pod-policies.kyverno.io/autogen-controllers: none
spec:
  background: false
  # Without Kyverno, pods start with the images that they name.
  failurePolicy: Ignore
  rules:
    - name: new-pods
      match:
        any:
          - resources:
              kinds:
                - Pod
              operations:
                - CREATE
{table}      mutate:
        foreach:
{containers}    - name: new-ephemeral-containers
      match:
        any:
          - resources:
              kinds:
                - Pod/ephemeralcontainers
              operations:
                - UPDATE
{table}      mutate:
        foreach:
{ephemeral}"#
    )
}

/// What is done with each container of a list.
fn each(list: &str, condition: Option<&str>) -> String {
    let condition = condition.unwrap_or_default();
    format!(
        "          - list: request.object.spec.{list} || `[]`
            context:
              - name: row
                variable:
                  jmesPath: mapping[?regex_match(from, '{{{{ element.image }}}}')] | [0]
              - name: cached
                variable:
                  jmesPath: regex_replace_all(row.from, element.image, row.to)
            preconditions:
              all:
                - key: '{{{{ cached }}}}'
                  operator: NotEquals
                  value: '{{{{ element.image }}}}'
{condition}            patchesJson6902: |-
              - op: replace
                path: /spec/{list}/{{{{ elementIndex }}}}/image
                value: '{{{{ cached }}}}'
"
    )
}

/// The table, as a variable of a rule.
fn table(needs: &Needs) -> String {
    let row = |(from, to): (String, String)| format!("              - from: '{from}'\n                to: '{to}'\n");
    let rows: String = rows(needs).into_iter().map(row).collect();
    format!(
        "      context:
        # The first row that matches decides.
        - name: mapping
          variable:
            value:
{rows}"
    )
}

/// What is matched, and what it becomes.
fn rows(needs: &Needs) -> Vec<(String, String)> {
    let mut rows = official(needs);
    let mut rules: Vec<&CacheRule> = needs.rules().iter().collect();
    // Of several rules of an upstream, the one that says most of the path.
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.upstream_prefix().map_or(0, str::len)));
    let (of_docker_hub, others): (Vec<&CacheRule>, Vec<&CacheRule>) =
        rules.into_iter().partition(|rule| *rule.upstream() == Upstream::DockerHub);
    let of_docker_hub: Vec<&CacheRule> =
        of_docker_hub.into_iter().filter(|rule| !rule.is_for_official_images()).collect();
    if !of_docker_hub.is_empty() {
        let hosts = hosts(&Upstream::DockerHub);
        // What else has one component is no image of a user, and these two are no images of Docker Hub.
        rows.push((format!("^({hosts}/)?(library/)?[^/]+$"), KEEP.to_owned()));
        rows.push(("^(localhost|aws/codebuild)/".to_owned(), KEEP.to_owned()));
        for rule in of_docker_hub {
            let to = target(needs, rule);
            match rule.upstream_prefix() {
                Some(path) => rows.push((format!("^(?:{hosts}/)?{}/(.+)$", literal(path)), to)),
                None => {
                    rows.push((format!("^{hosts}/(.+)$"), to.clone()));
                    // A first component with a dot, a colon or a capital would be a host.
                    rows.push(("^([a-z0-9_-]+/.+)$".to_owned(), to));
                }
            }
        }
    }
    for rule in others {
        let hosts = hosts(rule.upstream());
        if rule.prefix() == ROOT {
            let prefixes = needs.rules().iter().map(CacheRule::prefix).filter(|prefix| *prefix != ROOT);
            let prefixes: Vec<String> = prefixes.map(literal).collect();
            if !prefixes.is_empty() {
                // Another rule fills these.
                rows.push((format!("^{hosts}/({})/", prefixes.join("|")), KEEP.to_owned()));
            }
        }
        let above = rule.upstream_prefix().map(|path| literal(path) + "/").unwrap_or_default();
        // Below the host, ECR Public has aliases of registries, and repositories only below those.
        let rest = if *rule.upstream() == Upstream::EcrPublic && above.is_empty() { "[^/]+/.+" } else { ".+" };
        rows.push((format!("^{hosts}/{above}({rest})$"), target(needs, rule)));
    }
    rows.push(("^".to_owned(), String::new()));
    rows
}

/// The row of Docker's official images, if a rule in use serves them.
fn official(needs: &Needs) -> Vec<(String, String)> {
    let (upstream, path, names): (Upstream, &str, Vec<&str>) = match needs.official {
        OfficialRoute::Off => return Vec::new(),
        OfficialRoute::EcrPublic => (Upstream::EcrPublic, "docker/library", on_ecr_public().collect()),
        OfficialRoute::DockerHub => (Upstream::DockerHub, "library", on_docker_hub()),
    };
    let below = |rule: &CacheRule| match rule.upstream_prefix() {
        None => Some(format!("{}/{path}/", rule.prefix())),
        Some(above) if above == path => Some(format!("{}/", rule.prefix())),
        Some(above) => {
            let rest = path.strip_prefix(above)?.strip_prefix('/')?;
            Some(format!("{}/{rest}/", rule.prefix()))
        }
    };
    let serving = needs.rules().iter().filter(|rule| *rule.upstream() == upstream);
    let serving = serving.filter_map(|rule| Some((rule.upstream_prefix().map_or(0, str::len), below(rule)?)));
    let Some((_, below)) = serving.max_by_key(|(length, _)| *length) else { return Vec::new() };
    let names: Vec<String> = names.into_iter().map(literal).collect();
    let from = format!("^({}/)?(library/)?({})([:@].*)?$", hosts(&Upstream::DockerHub), names.join("|"));
    vec![(from, format!("{}/{below}$3$4", needs.registry.host()))]
}

/// What a rule makes of the path behind its upstream.
fn target(needs: &Needs, rule: &CacheRule) -> String {
    let prefix = if rule.prefix() == ROOT { String::new() } else { format!("{}/", rule.prefix()) };
    format!("{}/{prefix}$1", needs.registry.host())
}

/// Every way to write an upstream's host. Hosts compare without case.
fn hosts(upstream: &Upstream) -> String {
    let all: Vec<String> = match upstream {
        Upstream::Azure(host) => vec![literal(host)],
        Upstream::Ecr(host) => match EcrHost::parse(host) {
            Some(EcrHost { account, region }) => {
                vec![format!(r"{account}\.dkr[.-]ecr(?:-fips)?\.{region}\.(?:amazonaws\.com|on\.aws)")]
            }
            None => vec![literal(host)],
        },
        _ => Upstream::hosts().filter(|host| Upstream::of_host(host).as_ref() == Some(upstream)).map(literal).collect(),
    };
    format!("(?i:{})", all.join("|"))
}

/// A text as a regular expression that matches it. Names and hosts hold no other character that means more.
fn literal(text: &str) -> String {
    text.replace('.', r"\.")
}
