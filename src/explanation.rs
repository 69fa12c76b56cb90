//! One reference by itself, step by step: what it names, what becomes of it, and by which rule.

use crate::finding::Note;
use crate::image::ImageRef;
use crate::policy::{CacheRule, Policy, Verdict};
use crate::upstream::{Official, Upstream, official};

/// What a policy makes of one reference, and why. [`Rewriter::explain`](crate::Rewriter::explain) gives it.
///
/// ```
/// use ecrewrite::{OfficialRoute, Policy, Registry, Rewriter};
///
/// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
/// let rewriter = Rewriter::new(Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?);
/// let explanation = rewriter.explain("nginx:1.27")?;
/// assert_eq!(
///     explanation.becomes().as_deref(),
///     Some("111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27")
/// );
/// let names: Vec<&str> = explanation.steps().iter().map(|step| step.name).collect();
/// assert_eq!(names, ["registry", "repository", "tag", "becomes", "through"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    image: ImageRef,
    verdict: Verdict,
    rule: Option<CacheRule>,
}

/// A line of an [`Explanation`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What it is about: `registry`, `repository`, `tag`, `digest`, `becomes`, `through`, `note`, `cached`, `stays`.
    /// More may be added.
    pub name: &'static str,
    /// What is said of it, for people.
    pub text: String,
}

impl Explanation {
    /// What a policy makes of a reference.
    pub fn new(image: ImageRef, policy: &Policy) -> Self {
        let verdict = policy.verdict(&image);
        let rule = match &verdict {
            Verdict::Rewrite(target) | Verdict::Cached(target) => policy.rule(&target.prefix).cloned(),
            Verdict::Left(_) => None,
        };
        Explanation { image, verdict, rule }
    }

    /// The reference, cut into its parts.
    pub fn image(&self) -> &ImageRef {
        &self.image
    }

    /// What becomes of it.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The reference afterwards, if it changes.
    pub fn becomes(&self) -> Option<String> {
        match &self.verdict {
            Verdict::Rewrite(target) => Some(target.reference(&self.image)),
            Verdict::Cached(_) | Verdict::Left(_) => None,
        }
    }

    /// The cache rule that it goes through, now or afterwards.
    pub fn rule(&self) -> Option<&CacheRule> {
        self.rule.as_ref()
    }

    /// What else to know.
    pub fn notes(&self) -> Vec<Note> {
        let is_pinned = matches!(self.verdict, Verdict::Rewrite(_)) && self.image.digest().is_some();
        is_pinned.then_some(Note::DigestFirstPull).into_iter().collect()
    }

    /// All of it for people, a line each.
    pub fn steps(&self) -> Vec<Step> {
        let image = &self.image;
        let mut steps = vec![("registry", registry(image)), ("repository", repository(image))];
        steps.extend(image.tag().map(|tag| ("tag", tag.to_owned())));
        steps.extend(image.digest().map(|digest| ("digest", digest.to_owned())));
        match &self.verdict {
            Verdict::Rewrite(target) => {
                steps.push(("becomes", target.reference(image)));
                steps.push(("through", self.through(&target.prefix)));
                steps.extend(self.notes().iter().map(|note| ("note", note.sentence().to_owned())));
            }
            Verdict::Cached(target) => {
                steps.push(("cached", format!("already, through {}", self.through(&target.prefix))));
            }
            Verdict::Left(reason) => steps.push(("stays", format!("{} [{reason}]", reason.sentence()))),
        }
        steps.into_iter().map(|(name, text)| Step { name, text }).collect()
    }

    fn through(&self, prefix: &str) -> String {
        match &self.rule {
            Some(rule) => format!("the cache rule {prefix} for {}", rule.upstream()),
            None => format!("the cache rule {prefix}"),
        }
    }
}

fn registry(image: &ImageRef) -> String {
    match image.registry() {
        None => "Docker Hub, since none is written".to_owned(),
        Some(host) => match Upstream::of_host(host) {
            Some(upstream) if upstream.url() != host => format!("{host}, which is {upstream}"),
            _ => host.to_owned(),
        },
    }
}

fn repository(image: &ImageRef) -> String {
    let repository = image.repository();
    let on_docker_hub = image.registry().is_none_or(|host| Upstream::of_host(host) == Some(Upstream::DockerHub));
    let name = repository.strip_prefix("library/").unwrap_or(repository);
    if !on_docker_hub || name.contains('/') {
        return repository.to_owned();
    }
    match official(name) {
        Official::Listed | Official::NotOnEcrPublic => format!("{repository}, a Docker official image"),
        Official::Removed => format!("{repository}, a Docker official image until it was removed from the list"),
        Official::Unknown => repository.to_owned(),
    }
}
