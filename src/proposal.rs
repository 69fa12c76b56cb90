//! What `init` proposes: a configuration, as far as the files of a repository say what it should be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ecrewrite::config::SCHEMA;
use ecrewrite::home::{Home, Sighting};
use ecrewrite::report::Report;
use ecrewrite::{CacheRule, Finding, OfficialRoute, Outcome, Policy, Reason, Registry, Upstream};

use crate::effective::{scalar, upstream_of};
use crate::origin::is_same;
use crate::scan::Scanned;

/// How many places are shown of those that say one thing.
const SHOWN: usize = 2;

/// A configuration that is still to be decided on.
#[derive(Debug)]
pub(crate) struct Proposal {
    pub(crate) account: Choice,
    pub(crate) region: Choice,
    /// The rule for Docker Hub that the files define, where official images could go through it.
    docker_hub: Option<String>,
    pub(crate) rules: Vec<ProposedRule>,
    /// Whether the files define rules whose prefix or registry is not written there.
    has_hidden: bool,
    /// The kinds of files that change only when asked, with how many of their references could.
    pub(crate) kinds: Vec<(&'static str, usize)>,
    pub(crate) takes_kinds: bool,
}

/// A value that the files may name, or several.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) taken: Option<String>,
    /// Whether a flag gave it.
    pub(crate) is_given: bool,
    pub(crate) candidates: Vec<Candidate>,
}

/// A value, and where it was seen.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) value: String,
    pub(crate) seen: String,
}

/// A line of `rules`.
#[derive(Debug)]
pub(crate) struct ProposedRule {
    pub(crate) upstream: String,
    pub(crate) prefix: String,
    /// What speaks for it.
    pub(crate) because: String,
    /// Why it cannot be taken.
    pub(crate) against: Option<String>,
    /// Whether it has to be created with a secret first.
    pub(crate) needs_secret: bool,
    /// Whether the files define it.
    pub(crate) is_defined: bool,
    pub(crate) is_taken: bool,
}

impl Choice {
    /// What was seen; of several, none is taken.
    fn of(home: Home, sightings: &[(String, Sighting)], given: Option<&String>) -> Self {
        let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (path, sighting) in sightings.iter().filter(|(_, sighting)| sighting.home == home) {
            let place = format!("{path}:{} ({})", sighting.position.line, sighting.by);
            let known = places.entry(&sighting.value).or_default();
            if !known.contains(&place) {
                known.push(place);
            }
        }
        let mut found: Vec<(&str, Vec<String>)> = places.into_iter().collect();
        found.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
        let candidate =
            |(value, places): (&str, Vec<String>)| Candidate { value: value.to_owned(), seen: seen(&places) };
        let candidates: Vec<Candidate> = found.into_iter().map(candidate).collect();
        let only = match candidates.as_slice() {
            [only] => Some(only.value.clone()),
            _ => None,
        };
        Choice { taken: given.cloned().or(only), is_given: given.is_some(), candidates }
    }
}

/// A text that stays within its comment, whatever names files have.
fn in_one_line(text: &str) -> String {
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if ends_line(c) { '\u{fffd}' } else { c }).collect()
}

/// The first places, and how many more there are.
fn seen(places: &[String]) -> String {
    let shown = in_one_line(&places[..places.len().min(SHOWN)].join(", "));
    match places.len().saturating_sub(SHOWN) {
        0 => shown,
        1 => format!("{shown}, and 1 more place"),
        more => format!("{shown}, and {more} more places"),
    }
}

impl Proposal {
    /// What a run shows whose policies have a rule for every upstream, and which asked for files of all kinds.
    pub(crate) fn of(
        scanned: &Scanned,
        sightings: &[(String, Sighting)],
        (account, region): (Option<&String>, Option<&String>),
        shown: &dyn Fn(&str) -> String,
    ) -> Self {
        let mut proposal = Proposal {
            account: Choice::of(Home::Account, sightings, account),
            region: Choice::of(Home::Region, sightings, region),
            docker_hub: None,
            rules: Vec::new(),
            has_hidden: false,
            kinds: kinds(&scanned.report),
            takes_kinds: false,
        };
        proposal.defined(scanned, shown);
        let upstream = |rule: &CacheRule| rule.upstream().clone();
        let defined: Vec<CacheRule> = proposal.parsed(|_| true).collect();
        let docker_hub = proposal.parsed(|rule| rule.is_taken).find(|rule| upstream(rule) == Upstream::DockerHub);
        if !defined.iter().any(|rule| upstream(rule) == Upstream::EcrPublic) {
            proposal.docker_hub = docker_hub.map(|rule| upstream_of(&rule));
        }
        for (in_use, count) in in_use(&scanned.report, &scanned.policies.base) {
            if defined.iter().any(|rule| upstream(rule) == in_use && rule.upstream_prefix().is_none()) {
                continue;
            }
            let default = Upstream::with_default_prefixes().find(|(known, _)| *known == in_use);
            let prefix = default.map_or(in_use.url().split('.').next().unwrap_or_default(), |(_, prefix)| prefix);
            proposal.rules.push(ProposedRule {
                upstream: in_use.url().to_owned(),
                prefix: prefix.to_owned(),
                because: if count == 1 { "1 reference".to_owned() } else { format!("{count} references") },
                against: None,
                needs_secret: in_use.needs_credentials(),
                is_defined: false,
                is_taken: false,
            });
            let last = proposal.rules.len() - 1;
            if !proposal.rules[last].needs_secret {
                proposal.take(last);
            }
        }
        proposal
    }

    /// The rules that the files define. Of two for one upstream with different prefixes, nothing says which one is meant.
    fn defined(&mut self, scanned: &Scanned, shown: &dyn Fn(&str) -> String) {
        let mut defined: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, inventory) in &scanned.inventories {
            for rule in &inventory.rules {
                let Some(text) = rule.text() else {
                    self.has_hidden = true;
                    continue;
                };
                let files = defined.entry(text).or_default();
                if !files.contains(&shown(path)) {
                    files.push(shown(path));
                }
            }
        }
        let parsed: Vec<CacheRule> = defined.keys().filter_map(|text| text.parse().ok()).collect();
        for (text, files) in defined {
            let (upstream, prefix) = text.split_once('=').unwrap_or((&text, ""));
            let mut rule = ProposedRule {
                upstream: upstream.to_owned(),
                prefix: prefix.to_owned(),
                because: format!("defined in {}", seen(&files)),
                against: None,
                needs_secret: false,
                is_defined: true,
                is_taken: false,
            };
            let mut is_sure = true;
            match text.parse::<CacheRule>() {
                Err(error) => rule.against = Some(in_one_line(&error.to_string())),
                Ok(own) => {
                    rule.upstream = upstream_of(&own);
                    is_sure = parsed.iter().filter(|other| is_same(&own, other)).count() == 1;
                }
            }
            if !is_sure {
                rule.against = Some("the files define another prefix too: take one".to_owned());
            }
            let is_good = rule.against.is_none();
            self.rules.push(rule);
            if is_good {
                self.take(self.rules.len() - 1);
            }
        }
    }

    fn parsed(&self, which: impl Fn(&ProposedRule) -> bool) -> impl Iterator<Item = CacheRule> {
        let rules = self.rules.iter().filter(move |rule| which(rule));
        rules.filter_map(|rule| format!("{}={}", rule.upstream, rule.prefix).parse().ok())
    }

    /// Takes a rule, unless those that are taken leave no room for it.
    pub(crate) fn take(&mut self, index: usize) {
        let parsed = format!("{}={}", self.rules[index].upstream, self.rules[index].prefix).parse::<CacheRule>();
        let with_it = parsed.and_then(|rule| {
            let rules = self.parsed(|rule| rule.is_taken).chain([rule]).collect();
            Policy::new(Registry::unknown(), rules, OfficialRoute::EcrPublic)
        });
        let rule = &mut self.rules[index];
        match with_it {
            Ok(_) => rule.is_taken = true,
            Err(error) => rule.against = Some(in_one_line(&error.to_string())),
        }
    }

    /// The text of the configuration.
    pub(crate) fn text(&self) -> String {
        let mut out = format!("# yaml-language-server: $schema={SCHEMA}\n");
        out.push_str(
            "# What ecrewrite goes by in this folder. Flags go before it; `ecrewrite config` shows what holds.\n",
        );
        out.push_str("\n# The account and the region of the registry that caches the images.\n");
        choice("account", &self.account, "\"111122223333\"", &mut out);
        choice("region", &self.region, "eu-central-1", &mut out);
        if let Some(rule) = &self.docker_hub {
            let _ = write!(
                out,
                "\n# Docker's official images go through ECR Public, which needs no secret. Without the comment sign, they go\n\
                 # through the rule for {rule}.\n# official: docker-hub\n"
            );
        }
        out.push_str("\n# Cache rules: the registry, and the prefix of the repositories that cache it.\n");
        let (taken, others): (Vec<_>, Vec<_>) = self.rules.iter().partition(|rule| rule.is_taken);
        if self.rules.is_empty() {
            out.push_str("# No file needs one yet.\n");
        }
        out.push_str("rules:\n");
        for ProposedRule { upstream, prefix, because, .. } in taken {
            let _ = writeln!(out, "  {}: {} # {because}", scalar(upstream), scalar(prefix));
        }
        for rule in others {
            let secret = rule.needs_secret.then_some("needs a secret with a user and a token");
            let against = rule.against.as_deref().or(secret).map_or_else(String::new, |why| format!("; {why}"));
            let _ =
                writeln!(out, "#   {}: {} # {}{against}", scalar(&rule.upstream), scalar(&rule.prefix), rule.because);
        }
        if self.has_hidden {
            out.push_str("# Other rules are defined with variables: add them, or correct the prefixes above.\n");
        }
        if !self.kinds.is_empty() {
            let names: Vec<&str> = self.kinds.iter().map(|(kind, _)| *kind).collect();
            let sign = if self.takes_kinds { "" } else { "# " };
            let _ = write!(
                out,
                "\n# Files of builds, pipelines and laptops that are changed too: whoever reads them has to log in first.\n\
                 {sign}also: [{}]\n",
                names.join(", ")
            );
        }
        out
    }

    /// How much of it there is.
    pub(crate) fn summary(&self) -> String {
        let rules = match self.rules.iter().filter(|rule| rule.is_taken).count() {
            1 => "1 cache rule".to_owned(),
            count => format!("{count} cache rules"),
        };
        let value = |choice: &Choice| choice.taken.clone();
        let home = [("account", value(&self.account)), ("region", value(&self.region))];
        let home = home.into_iter().filter_map(|(key, value)| Some(format!("{key} {}", value?)));
        home.chain([rules]).collect::<Vec<_>>().join(", ")
    }

    /// What is left to decide.
    pub(crate) fn open(&self) -> Option<String> {
        let open = [("account", &self.account), ("region", &self.region)];
        let open: Vec<&str> = open.iter().filter(|(_, choice)| choice.taken.is_none()).map(|(key, _)| *key).collect();
        (!open.is_empty()).then(|| open.join(" and the "))
    }
}

/// A key with what was taken, or in comments what could be.
fn choice(key: &str, choice: &Choice, example: &str, out: &mut String) {
    let seen = |value: &str| choice.candidates.iter().find(|candidate| candidate.value == value);
    if let Some(value) = &choice.taken {
        let seen = seen(value).map_or_else(String::new, |candidate| format!(" # {}", candidate.seen));
        let _ = writeln!(out, "{key}: {}{seen}", scalar(value));
        return;
    }
    if choice.candidates.is_empty() {
        let _ = writeln!(out, "# {key}: {example} # no file names one");
    }
    for Candidate { value, seen } in &choice.candidates {
        let _ = writeln!(out, "# {key}: {} # {seen}", scalar(value));
    }
}

/// The upstreams that references name, with how many do.
fn in_use(report: &Report, policy: &Policy) -> BTreeMap<Upstream, usize> {
    let mut in_use = BTreeMap::new();
    let upstream_of = |finding: &Finding| match &finding.outcome {
        Outcome::Left(Reason::NoRule) => Upstream::of_host(finding.reference.split('/').next()?),
        outcome => Some(policy.rule(outcome.rule()?)?.upstream().clone()),
    };
    for upstream in report.files.iter().flat_map(|file| &file.report.findings).filter_map(upstream_of) {
        *in_use.entry(upstream).or_default() += 1;
    }
    in_use
}

/// The kinds of files that are changed only when asked, with how many of their references would be.
fn kinds(report: &Report) -> Vec<(&'static str, usize)> {
    let findings = report.files.iter().flat_map(|file| &file.report.findings);
    let rewritten = findings.filter(|finding| matches!(finding.outcome, Outcome::Rewrite { .. }));
    let kinds: Vec<_> = rewritten.map(|finding| finding.kind).filter(|kind| kind.on_request().is_some()).collect();
    let each: BTreeSet<_> = kinds.iter().copied().collect();
    each.into_iter().map(|kind| (kind.id(), kinds.iter().filter(|other| **other == kind).count())).collect()
}
