//! The rules: what becomes of a reference. Knows no file and no place in one.

mod error;
mod rule;

use crate::destination::Expressions;
use crate::image::ImageRef;
use crate::reason::Reason;
use crate::registry::{EcrHost, Registry};
use crate::upstream::{Official, Upstream, official};

pub use error::PolicyError;
pub use rule::CacheRule;
use rule::{ROOT, Reach, below, canonical};

/// The longest repository name that ECR takes, in characters.
const REPOSITORY_MAX: usize = 256;
/// Words that stand where an image is expected and are none: Docker's empty base, Istio's placeholder, common fillers.
const SENTINELS: [&str; 4] = ["scratch", "auto", "none", "-"];
/// How CodeBuild names the images that it brings along.
const CODE_BUILD: &str = "aws/codebuild/";
/// Where ECR Public keeps Docker's official images.
const ECR_PUBLIC_OFFICIAL: &str = "docker/library";

/// The way that Docker's official images take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OfficialRoute {
    /// Through ECR Public, which carries them as `docker/library/<name>`: no credentials.
    #[default]
    EcrPublic,
    /// Through Docker Hub, as `library/<name>`: the rule needs a secret.
    DockerHub,
    /// Not at all: they stay as they are.
    Off,
}

impl OfficialRoute {
    /// Its name in settings: `ecr-public`, `docker-hub`, `off`.
    pub fn name(self) -> &'static str {
        match self {
            OfficialRoute::EcrPublic => "ecr-public",
            OfficialRoute::DockerHub => "docker-hub",
            OfficialRoute::Off => "off",
        }
    }
}

/// What becomes of references: the registry they move to, the cache rules, and the route of official images.
///
/// ```
/// use ecrewrite::{ImageRef, OfficialRoute, Policy, Registry, Verdict};
///
/// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
/// let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?;
/// let image = ImageRef::parse("nginx:1.27")?;
/// let Verdict::Rewrite(target) = policy.verdict(&image) else { panic!("it has a rule") };
/// assert_eq!(
///     target.reference(&image),
///     "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    registry: Registry,
    rules: Vec<CacheRule>,
    official: OfficialRoute,
    expressions: Expressions,
}

/// What a [`Policy`] says of a reference: one of these three, and never anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It becomes this; tag and digest stay.
    Rewrite(Target),
    /// It already goes through the rule of this prefix.
    Cached(Target),
    /// It stays, and why.
    Left(Reason),
}

/// A repository behind a cache rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The host of the private registry.
    pub host: String,
    /// The repository, prefix included.
    pub repository: String,
    /// The prefix of the rule that fills it.
    pub prefix: String,
}

impl Target {
    /// Host and repository: what stands before tag and digest.
    pub fn name(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }

    /// The reference there: this name, with the tag and the digest that `image` has.
    pub fn reference(&self, image: &ImageRef) -> String {
        format!("{}{}", self.name(), image.tail())
    }
}

impl Policy {
    /// A policy with these rules. A rule for `public.ecr.aws` with the prefix `ecr-public` is added unless there is one;
    /// the route [`OfficialRoute::DockerHub`] adds one for official images unless Docker Hub has a rule.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if two rules have one upstream, or prefixes of which one contains the other: ECR does not say
    /// which rule would win.
    pub fn new(registry: Registry, mut rules: Vec<CacheRule>, official: OfficialRoute) -> Result<Self, PolicyError> {
        let add = |rules: &mut Vec<CacheRule>, upstream: Upstream, prefix: &str, reach: Reach| {
            if !rules.iter().any(|rule| rule.upstream == upstream && rule.upstream_prefix.is_none()) {
                rules.push(CacheRule { upstream, upstream_prefix: None, prefix: prefix.to_owned(), reach });
            }
        };
        add(&mut rules, Upstream::EcrPublic, "ecr-public", Reach::All);
        if official == OfficialRoute::DockerHub {
            add(&mut rules, Upstream::DockerHub, "docker-hub", Reach::OfficialOnly);
        }
        for (at, rule) in rules.iter().enumerate() {
            for other in &rules[at + 1..] {
                if rule.upstream == other.upstream && rule.upstream_prefix == other.upstream_prefix {
                    return Err(PolicyError::Twice(rule.upstream.clone()));
                }
                let overlap = |one: &CacheRule, other: &CacheRule| {
                    one.prefix != ROOT && (one.prefix == other.prefix || below(&other.prefix, &one.prefix).is_some())
                };
                if overlap(rule, other) || overlap(other, rule) || rule.prefix == other.prefix {
                    return Err(PolicyError::Overlap(rule.prefix.clone(), other.prefix.clone()));
                }
            }
        }
        Ok(Policy { registry, rules, official, expressions: Expressions::default() })
    }

    /// The registry that references move to.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The same policy, where languages that have an expression for the registry say that instead of its host.
    #[must_use]
    pub fn with_expressions(self, expressions: Expressions) -> Self {
        Policy { expressions, ..self }
    }

    /// Whether it has the same registry and the same rules as another, whatever languages say instead of the host.
    #[doc(hidden)]
    pub fn fills_as(&self, other: &Policy) -> bool {
        (&self.registry, &self.rules, self.official) == (&other.registry, &other.rules, other.official)
    }

    /// What languages say instead of the registry's host.
    pub fn expressions(&self) -> &Expressions {
        &self.expressions
    }

    /// Every cache rule, the added ones last.
    pub fn rules(&self) -> &[CacheRule] {
        &self.rules
    }

    /// The rule of this prefix.
    pub fn rule(&self, prefix: &str) -> Option<&CacheRule> {
        self.rules.iter().find(|rule| rule.prefix == prefix)
    }

    /// The route of official images.
    pub fn official(&self) -> OfficialRoute {
        self.official
    }

    /// What becomes of a reference. Depends on nothing but the reference and the policy.
    pub fn verdict(&self, image: &ImageRef) -> Verdict {
        if is_sentinel(image.as_str()) {
            return Verdict::Left(Reason::Sentinel);
        }
        match image.registry() {
            None => self.on_docker_hub(image),
            Some(host) => {
                if let Some(private) = EcrHost::parse(&host.to_ascii_lowercase()) {
                    return self.in_private_ecr(&private, host, image.repository());
                }
                if crate::registry::starts_like_ecr(host) {
                    return Verdict::Left(Reason::PrivateEcr);
                }
                if host == "localhost" || host.contains(':') {
                    return Verdict::Left(Reason::LocalRegistry);
                }
                match Upstream::of_host(host) {
                    None => Verdict::Left(Reason::UnsupportedRegistry),
                    Some(Upstream::DockerHub) => self.on_docker_hub(image),
                    Some(upstream) => self.through(&upstream, image.repository()),
                }
            }
        }
    }

    /// The name that a repository behind a cache rule has at its upstream: the way back. With `short`, what is Docker
    /// Hub's is written without a host, and official images without `library/`.
    ///
    /// `None` if that name would not lead here again.
    pub fn upstream_name(&self, target: &Target, short: bool) -> Option<String> {
        // A rule for the whole registry shares it with one's own repositories.
        let rule = self.rule(&target.prefix).filter(|rule| rule.prefix != ROOT)?;
        let path = rule.path(&target.repository)?;
        let path = path.as_str();
        let official_name = match rule.upstream {
            Upstream::EcrPublic if self.official == OfficialRoute::EcrPublic => {
                path.strip_prefix(ECR_PUBLIC_OFFICIAL).and_then(|name| name.strip_prefix('/'))
            }
            Upstream::DockerHub => path.strip_prefix("library/"),
            _ => None,
        };
        let candidates = [
            official_name.filter(|_| short).map(str::to_owned),
            (short && rule.upstream == Upstream::DockerHub).then(|| path.to_owned()),
            Some(match rule.upstream {
                Upstream::DockerHub => format!("docker.io/{path}"),
                _ => format!("{}/{path}", rule.upstream),
            }),
        ];
        let leads_here = |name: &String| {
            let verdict = ImageRef::parse(name).map(|image| self.verdict(&image));
            matches!(verdict, Ok(Verdict::Rewrite(there)) if there.repository == target.repository)
        };
        candidates.into_iter().flatten().find(leads_here)
    }

    fn in_private_ecr(&self, host: &EcrHost<'_>, written: &str, repository: &str) -> Verdict {
        if !self.registry.is(host) {
            let upstream = canonical(host).map(Upstream::Ecr);
            let has_rule =
                upstream.as_ref().is_some_and(|upstream| self.rules.iter().any(|rule| rule.upstream == *upstream));
            return match upstream.filter(|_| has_rule) {
                Some(upstream) => self.through(&upstream, repository),
                None => Verdict::Left(Reason::PrivateEcr),
            };
        }
        // A rule for the whole registry holds what no other does.
        let holding = self.rules.iter().filter(|rule| rule.holds(repository));
        match holding.max_by_key(|rule| rule.prefix != ROOT) {
            Some(rule) => Verdict::Cached(Target {
                host: written.to_owned(),
                repository: repository.to_owned(),
                prefix: rule.prefix.clone(),
            }),
            _ => Verdict::Left(Reason::PrivateEcr),
        }
    }

    /// Docker Hub: a path of one component means `library/`, and only that.
    fn on_docker_hub(&self, image: &ImageRef) -> Verdict {
        let repository = image.repository();
        let name = repository.strip_prefix("library/").unwrap_or(repository);
        if name.starts_with(CODE_BUILD) {
            return Verdict::Left(Reason::Curated);
        }
        if name.contains('/') {
            return self.through(&Upstream::DockerHub, repository);
        }
        let known = official(name);
        match (self.official, known) {
            (_, Official::Unknown) => Verdict::Left(Reason::NotOfficial),
            (OfficialRoute::Off, _) => Verdict::Left(Reason::OfficialOff),
            (OfficialRoute::DockerHub, _) => self.through(&Upstream::DockerHub, &format!("library/{name}")),
            (OfficialRoute::EcrPublic, Official::Listed) => {
                self.through(&Upstream::EcrPublic, &format!("{ECR_PUBLIC_OFFICIAL}/{name}"))
            }
            (OfficialRoute::EcrPublic, _) => Verdict::Left(Reason::NotMirrored),
        }
    }

    fn through(&self, upstream: &Upstream, path: &str) -> Verdict {
        let serves = |rule: &&CacheRule| {
            rule.upstream == *upstream && (rule.reach == Reach::All || path.starts_with("library/"))
        };
        let cached = self.rules.iter().filter(serves).filter_map(|rule| Some((rule, rule.repository(path)?)));
        // Of several, the one that says most of the path.
        let best = cached.max_by_key(|(rule, _)| rule.upstream_prefix.as_ref().map_or(0, String::len));
        let Some((rule, repository)) = best else { return Verdict::Left(Reason::NoRule) };
        // Below another rule's prefix, the rule for the whole registry fills nothing.
        if self
            .rules
            .iter()
            .any(|other| other.prefix != rule.prefix && other.prefix != ROOT && other.holds(&repository))
        {
            return Verdict::Left(Reason::NoRule);
        }
        if !self.registry.partition().has_pull_through_cache() {
            return Verdict::Left(Reason::UnsupportedRegion);
        }
        if *upstream == Upstream::EcrPublic && !path.contains('/') {
            return Verdict::Left(Reason::Incomplete);
        }
        // Clients stop one character before ECR does.
        if repository.len() > REPOSITORY_MAX || ImageRef::parse(&format!("host.test/{repository}")).is_err() {
            return Verdict::Left(Reason::NameTooLong);
        }
        Verdict::Rewrite(Target { host: self.registry.host(), repository, prefix: rule.prefix.clone() })
    }
}

/// Whether a text is a word that stands where an image is expected and is none: `scratch`, `auto`, `none`, `-`.
pub fn is_sentinel(text: &str) -> bool {
    SENTINELS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(rules: &[&str], official: OfficialRoute) -> Policy {
        let registry = Registry::new(Some("111122223333"), Some("us-east-1")).unwrap();
        Policy::new(registry, rules.iter().map(|rule| rule.parse().unwrap()).collect(), official).unwrap()
    }

    /// What becomes of a reference, with `~` for the registry's host, or the id of the reason.
    fn becomes(policy: &Policy, text: &str) -> String {
        let image = ImageRef::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        match policy.verdict(&image) {
            Verdict::Rewrite(target) => format!("~/{}{}", target.repository, image.tail()),
            Verdict::Cached(target) => format!("cached {}", target.prefix),
            Verdict::Left(reason) => reason.id().to_owned(),
        }
    }

    #[test]
    fn the_default_rules() {
        let policy = policy(&[], OfficialRoute::EcrPublic);
        let rows = [
            ("public.ecr.aws/nginx/nginx:1.27", "~/ecr-public/nginx/nginx:1.27"),
            ("Public.ECR.aws/nginx/nginx", "~/ecr-public/nginx/nginx"),
            ("public.ecr.aws/eks", "incomplete"),
            ("nginx:1.27", "~/ecr-public/docker/library/nginx:1.27"),
            ("library/nginx", "~/ecr-public/docker/library/nginx"),
            ("docker.io/nginx", "~/ecr-public/docker/library/nginx"),
            ("docker.io/library/nginx", "~/ecr-public/docker/library/nginx"),
            ("index.docker.io/library/nginx", "~/ecr-public/docker/library/nginx"),
            ("registry-1.docker.io/library/nginx", "~/ecr-public/docker/library/nginx"),
            ("amd64/nginx", "no-rule"),
            ("library/myapp", "not-official"),
            ("myapp:dev", "not-official"),
            ("azul-zulu", "not-mirrored"),
            ("centos:7", "not-mirrored"),
            ("scratch", "sentinel"),
            ("auto", "sentinel"),
            ("localhost/nginx", "local-registry"),
            ("localhost:5000/nginx", "local-registry"),
            ("mirror.example.com:5000/nginx", "local-registry"),
            ("quay.io/a/b", "no-rule"),
            ("gcr.io/a/b", "unsupported-registry"),
            ("public.ecr.aws.example.com/nginx/nginx", "unsupported-registry"),
            ("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1", "cached ecr-public"),
            ("111122223333.dkr-ecr.us-east-1.on.aws/ecr-public/nginx/nginx:1", "cached ecr-public"),
            ("111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-publicity/nginx", "private-ecr"),
            ("444455556666.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:1", "private-ecr"),
            ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/ecr-public/nginx/nginx", "private-ecr"),
        ];
        for (from, to) in rows {
            assert_eq!(becomes(&policy, from), to, "{from}");
        }
        assert_eq!(becomes(&policy, "aws/codebuild/standard:7.0"), "curated");
        let fits = format!("public.ecr.aws/a/{}", "b".repeat(242));
        assert_eq!(becomes(&policy, &fits), fits.replace("public.ecr.aws", "~/ecr-public"));
        assert_eq!(becomes(&policy, &format!("{fits}b")), "name-too-long");
        let long = format!("public.ecr.aws/a/{}", "b".repeat(250));
        assert_eq!(becomes(&policy, &long), "name-too-long");
    }

    #[test]
    fn docker_hub_serves_official_images_or_everything() {
        let official_only = policy(&[], OfficialRoute::DockerHub);
        assert_eq!(becomes(&official_only, "nginx"), "~/docker-hub/library/nginx");
        assert_eq!(becomes(&official_only, "azul-zulu"), "~/docker-hub/library/azul-zulu");
        assert_eq!(becomes(&official_only, "centos:7"), "~/docker-hub/library/centos:7");
        assert_eq!(becomes(&official_only, "grafana/grafana"), "no-rule");
        let all = policy(&["docker-hub=hub"], OfficialRoute::EcrPublic);
        assert_eq!(becomes(&all, "grafana/grafana"), "~/hub/grafana/grafana");
        assert_eq!(becomes(&all, "docker.io/grafana/grafana"), "~/hub/grafana/grafana");
        assert_eq!(becomes(&all, "nginx"), "~/ecr-public/docker/library/nginx");
        assert_eq!(becomes(&policy(&[], OfficialRoute::Off), "nginx"), "official-off");
    }

    #[test]
    fn every_upstream_has_a_default_prefix() {
        let own: Vec<CacheRule> = vec!["quay=mirror/quay".parse().unwrap()];
        let rules = [own.clone(), CacheRule::for_all_upstreams(&own)].concat();
        let policy = Policy::new(Registry::unknown(), rules, OfficialRoute::EcrPublic).unwrap();
        let rows = [
            ("quay.io/a/b", "~/mirror/quay/a/b"),
            ("grafana/grafana", "~/docker-hub/grafana/grafana"),
            ("nginx", "~/ecr-public/docker/library/nginx"),
            ("registry.k8s.io/pause:3.10", "~/kubernetes/pause:3.10"),
            ("k8s.gcr.io/pause:3.1", "~/kubernetes/pause:3.1"),
            ("ghcr.io/a/b", "~/github/a/b"),
            ("registry.gitlab.com/a/b/c", "~/gitlab/a/b/c"),
            ("cgr.dev/chainguard/go", "~/chainguard/chainguard/go"),
            ("acme.azurecr.io/a", "no-rule"),
            ("gcr.io/a/b", "unsupported-registry"),
        ];
        for (from, to) in rows {
            assert_eq!(becomes(&policy, from), to, "{from}");
        }
    }

    #[test]
    fn regions_without_the_feature_are_refused() {
        for region in ["cn-north-1", "us-gov-west-1", "us-iso-east-1"] {
            let registry = Registry::new(Some("111122223333"), Some(region)).unwrap();
            let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic).unwrap();
            assert_eq!(becomes(&policy, "nginx"), "unsupported-region", "{region}");
        }
    }

    #[test]
    fn rules_for_a_part_of_an_upstream_and_for_private_registries() {
        let policy = policy(
            &[
                "quay.io=quay",
                "quay.io/prometheus=prom",
                "quay.io/prometheus/node=node-exporter",
                "cgr.dev/quillmoor.example=own",
                "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team-a=team-a",
                "111122223333.dkr.ecr.eu-west-1.amazonaws.com=ROOT",
            ],
            OfficialRoute::EcrPublic,
        );
        let rows = [
            ("quay.io/a/b:1", "~/quay/a/b:1"),
            ("quay.io/prometheus/prometheus:1", "~/prom/prometheus:1"),
            ("quay.io/prometheus/node/exporter:1", "~/node-exporter/exporter:1"),
            ("quay.io/prometheusx/b", "~/quay/prometheusx/b"),
            ("quay.io/prometheus", "~/quay/prometheus"),
            ("cgr.dev/quillmoor.example/go:1", "~/own/go:1"),
            ("cgr.dev/chainguard/go:1", "no-rule"),
            ("444455556666.dkr.ecr.eu-west-1.amazonaws.com/team-a/x/i:1", "~/team-a/x/i:1"),
            ("444455556666.dkr-ecr.eu-west-1.on.aws/team-a/x/i:1", "~/team-a/x/i:1"),
            ("444455556666.dkr.ecr.eu-west-1.amazonaws.com/team-b/i:1", "no-rule"),
            ("444455556666.dkr.ecr.us-east-1.amazonaws.com/team-a/i:1", "private-ecr"),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a/i:1", "~/a/i:1"),
            ("111122223333.dkr.ecr.us-east-1.amazonaws.com/a/i:1", "cached ROOT"),
            ("111122223333.dkr.ecr.us-east-1.amazonaws.com/prom/i:1", "cached prom"),
            ("public.ecr.aws/nginx/nginx:1", "~/ecr-public/nginx/nginx:1"),
        ];
        for (from, to) in rows {
            assert_eq!(becomes(&policy, from), to, "{from}");
            let image = ImageRef::parse(from).unwrap();
            if let Verdict::Rewrite(target) = policy.verdict(&image) {
                if target.prefix == ROOT {
                    assert_eq!(policy.upstream_name(&target, true), None, "{from}");
                    continue;
                }
                let back = policy.upstream_name(&target, true).unwrap();
                let there = policy.verdict(&ImageRef::parse(&back).unwrap());
                assert_eq!(there, Verdict::Rewrite(target), "{from} back to {back}");
            }
        }
        for rule in [
            "quay.io=ROOT",
            "quay.io/a=quay",
            "quay.io/UP=quay",
            "444455556666.dkr.ecr.eu-west-1.amazonaws.com/aa=ROOT",
        ] {
            assert!(rule.parse::<CacheRule>().is_err(), "{rule}");
        }
    }

    #[test]
    fn rules_that_ecr_would_refuse() {
        for prefix in ["a", "Upper", "a//b", "a__b__", "-a", "", &"x".repeat(31)] {
            assert!(matches!(CacheRule::new(Upstream::Quay, prefix), Err(PolicyError::Prefix(_))), "{prefix}");
        }
        for prefix in ["qu", "mirror/quay.io", "a--b", "quay/"] {
            assert!(CacheRule::new(Upstream::Quay, prefix).is_ok(), "{prefix}");
        }
        assert!(matches!("gcr.io=gcr".parse::<CacheRule>(), Err(PolicyError::Upstream(_))));
        let rules = |rules: &[&str]| {
            let rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
            Policy::new(Registry::unknown(), rules, OfficialRoute::EcrPublic)
        };
        assert!(matches!(rules(&["quay=a1", "quay.io=b1"]), Err(PolicyError::Twice(_))));
        assert!(matches!(rules(&["quay=cache", "ghcr.io=cache/github"]), Err(PolicyError::Overlap(..))));
        assert!(matches!(rules(&["quay=ecr-public"]), Err(PolicyError::Overlap(..))));
        assert!(rules(&["quay=cache", "ghcr.io=cache-github"]).is_ok());
    }
}
