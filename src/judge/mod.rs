//! Site to finding: whether a text is a reference, what becomes of it, and which bytes that changes.

#[cfg(feature = "cdk-source")]
mod access;
mod edits;
mod expression;
#[cfg(feature = "cdk-source")]
mod program;
#[cfg(feature = "cdk-source")]
mod repository;
mod text;

use std::borrow::Cow;

use crate::destination::Expression;
use crate::edit::{Applicability, Fix};
use crate::finding::{Finding, Note, Outcome};
use crate::image::{ImageRef, ImageRefError};
use crate::options::{Direction, Options, Spelling, Unknown};
use crate::policy::{Policy, Target, Verdict, is_sentinel};
use crate::reason::Reason;
use crate::registry::{EcrHost, starts_like_ecr};
use crate::removal::removal;
use crate::schema::{Caution, Certainty, Form, Site, SiteKind};
use crate::source::Source;
use crate::upstream::Upstream;

use edits::{addition, edits};
use expression::{expression_at, with_expression};
#[cfg(feature = "cdk-source")]
pub(crate) use repository::as_repositories;
use text::Text;

/// What becomes of a site: `None` if it turns out not to hold a reference in a place that need not hold one.
pub(crate) fn judge(source: &Source, site: &Site, policy: &Policy, options: Options) -> Option<Finding> {
    let expression = expression_at(site, policy).map(Cow::Borrowed);
    #[cfg(feature = "cdk-source")]
    let expression = expression.or_else(|| program::expression_at(source, site, policy));
    let expression = expression.as_deref();
    let judged = Text::of(site, policy, expression);
    let text = judged.shown.as_ref();
    let is_registry = is_host(text) && EcrHost::parse(text).is_some();
    // As the default of an argument that images begin with, the registry itself is no reference.
    if is_registry && is_lead(site) && EcrHost::parse(text).is_some_and(|host| policy.registry().is(&host)) {
        return None;
    }
    let mut notes = Vec::new();
    let left = |reason| (text.to_string(), Outcome::Left(reason));
    let (reference, outcome) = match site.caution.map(|caution| caution.reason) {
        Some(Reason::Template) => (first_line(text), Outcome::Left(Reason::Template)),
        Some(Reason::BuildOutput) if site.certainty == Certainty::Certain => left(Reason::BuildOutput),
        Some(Reason::Incomplete) if site.certainty == Certainty::Certain && is_host(text) => left(Reason::Incomplete),
        _ if is_registry && site.certainty >= Certainty::Named => left(Reason::Incomplete),
        _ if is_sentinel(text) && site.certainty == Certainty::Certain => left(Reason::Sentinel),
        _ if text.starts_with("oci://") => {
            let inner = ImageRef::parse(&text["oci://".len()..]).ok()?;
            let chart = inner.registry().is_some_and(|host| Upstream::of_host(host).is_some());
            (chart || site.certainty == Certainty::Certain).then(|| left(Reason::Chart))?
        }
        _ => match ImageRef::parse_with_holes(&judged.read(), &judged.holes) {
            Err(error) => left(unreadable(text, error, site.certainty)?),
            Ok(image) => {
                let outcome = outcome(source, site, &judged, &image, policy, expression, options)?;
                if image.digest().is_some() && outcome.rule().is_some() {
                    notes.push(Note::DigestFirstPull);
                }
                (text.to_string(), outcome)
            }
        },
    };
    if let Some(caution) = site.caution {
        match outcome {
            Outcome::Left(reason) if reason == caution.reason => notes.extend(caution.note.map(Note::Beside)),
            Outcome::Rewrite { .. } => notes.push(Note::Beside(caution.note.unwrap_or(caution.reason.sentence()))),
            _ => {}
        }
    }
    if let (Outcome::Rewrite { .. } | Outcome::Left(Reason::NotAsked), Direction::ToCache) =
        (&outcome, options.direction)
    {
        notes.extend(site.kind.on_request().map(Note::Beside));
    }
    #[cfg(feature = "cdk-source")]
    if let (Outcome::Rewrite { to, .. }, Direction::ToCache) = (&outcome, options.direction) {
        notes.extend(program::written_out(site, policy, expression, to));
    }
    Some(Finding {
        span: site.scalar.placement().file_span(),
        kind: site.kind,
        place: site.place.clone(),
        reference,
        outcome,
        notes,
        construct: site.construct.clone(),
        credentials: site.credentials,
    })
}

/// Whether a text is the name of a registry and nothing else.
fn is_host(text: &str) -> bool {
    text.contains('.') && !text.contains(['/', ':'])
}

/// Whether images begin with the text of a site, which is none itself: an argument of a Dockerfile.
fn is_lead(site: &Site) -> bool {
    site.kind == SiteKind::Dockerfile && site.caution.is_some_and(|caution| caution.reason == Reason::Incomplete)
}

/// The first line with text, for a text that is too long to show.
fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(60).collect()
}

/// Why a text that does not parse is left; `None` if nothing says that it should be a reference.
fn unreadable(text: &str, error: ImageRefError, certainty: Certainty) -> Option<Reason> {
    if starts_like_ecr(text) {
        return Some(Reason::PrivateEcr);
    }
    let host = text.split('/').next().unwrap_or_default();
    match (error, certainty) {
        (ImageRefError::TooLong, Certainty::Certain | Certainty::Named) => Some(Reason::NameTooLong),
        (ImageRefError::HoleInName, Certainty::Certain | Certainty::Named) => Some(Reason::NotLiteral),
        (ImageRefError::HoleInName, _) if Upstream::of_host(host).is_some() => Some(Reason::NotLiteral),
        (_, Certainty::Certain) => Some(Reason::NotAReference),
        _ => None,
    }
}

/// What becomes of a reference at its site.
fn outcome(
    source: &Source,
    site: &Site,
    text: &Text<'_>,
    image: &ImageRef,
    policy: &Policy,
    expression: Option<&Expression>,
    options: Options,
) -> Option<Outcome> {
    let verdict = policy.verdict(image);
    let has_host = image.registry().is_some();
    if site.certainty <= Certainty::Value {
        let foreign = matches!(verdict, Verdict::Left(Reason::UnsupportedRegistry | Reason::LocalRegistry));
        if !has_host || foreign {
            return None;
        }
    }
    let bare = !has_host && image.tail().is_empty();
    if site.certainty == Certainty::Named && bare {
        let official = !matches!(verdict, Verdict::Left(_));
        return official.then_some(Outcome::Left(Reason::BareName));
    }
    if let Direction::ToUpstream(spelling) = options.direction {
        return Some(back(site, text, image, policy, verdict, spelling));
    }
    let target = match verdict {
        Verdict::Left(reason) => return Some(Outcome::Left(reason)),
        // What never pulls through a cache needs no rule, though it names one's repository.
        Verdict::Cached(_) if site.caution.is_some_and(|caution| caution.reason == Reason::NoPullThrough) => {
            return Some(Outcome::Left(Reason::NoPullThrough));
        }
        Verdict::Cached(target) => return Some(Outcome::Cached { rule: target.prefix }),
        Verdict::Rewrite(target) => target,
    };
    if site.certainty == Certainty::Unknown {
        return Some(Outcome::Left(site.caution.map_or(Reason::UnknownPlace, |caution| caution.reason)));
    }
    let goes = |caution: &Caution| {
        let credentials = site.credentials.filter(|_| caution.reason == Reason::PullCredentials);
        options.drop_credentials && credentials.is_some_and(|span| removal(source.text(), span).is_some())
    };
    let caution = site.caution.filter(|caution| !goes(caution));
    if let Some(caution) = caution.filter(|caution| caution.applicability < options.threshold) {
        return Some(Outcome::Left(caution.reason));
    }
    if site.kind.on_request().is_some() && !options.also.contains(site.kind) {
        return Some(Outcome::Left(Reason::NotAsked));
    }
    if site.added.is_some() && !options.kustomize_add {
        return Some(Outcome::Left(Reason::MatchKey));
    }
    let literal = target.reference(image);
    let counted = literal.split('@').next().unwrap_or(&literal).chars().count();
    if site.limit.is_some_and(|limit| counted > limit) {
        return Some(Outcome::Left(Reason::ReferenceTooLong));
    }
    let by_expression = expression.filter(|_| site.added.is_none()).and_then(|expression| {
        let edits = with_expression(source, site, image, &target, expression, policy)?;
        Some((format!("{}/{}{}", expression.text(), target.repository, image.tail()), edits))
    });
    let (to, edits) = match by_expression {
        Some((to, edits)) => (to, Some(edits)),
        None if !policy.registry().is_known() && options.unknown == Unknown::Left => {
            return Some(Outcome::Left(Reason::NoRegistry));
        }
        None => {
            let edits = match &site.added {
                Some(added) => addition(source.text(), site, *added, &literal).map(|edit| vec![edit]),
                None => edits(site, text, image, &target),
            };
            (literal, edits)
        }
    };
    let Some(edits) = edits else { return Some(Outcome::Left(Reason::NotEditable)) };
    let applicability = match site.caution {
        Some(caution) => caution.applicability,
        None if site.kind.on_request().is_some() => Applicability::Unsafe,
        None => Applicability::Safe,
    };
    let fix = Fix { edits, applicability };
    Some(Outcome::Rewrite { to, rule: target.prefix, fix })
}

/// What becomes of a reference on the way back.
fn back(
    site: &Site,
    text: &Text<'_>,
    image: &ImageRef,
    policy: &Policy,
    verdict: Verdict,
    spelling: Spelling,
) -> Outcome {
    if site.added.is_some() {
        return Outcome::Left(Reason::MatchKey);
    }
    // More than a text would have to change.
    let is_call = site.form == Form::Repository;
    let target = match verdict {
        Verdict::Left(reason) => return Outcome::Left(reason),
        Verdict::Rewrite(_) => return Outcome::Left(Reason::Upstream),
        Verdict::Cached(_) if is_call => return Outcome::Left(Reason::NotEditable),
        Verdict::Cached(target) => target,
    };
    if site.certainty == Certainty::Unknown {
        return Outcome::Left(Reason::UnknownPlace);
    }
    if let Some(caution) = site.caution.filter(|caution| caution.applicability == Applicability::Display) {
        return Outcome::Left(caution.reason);
    }
    // Elsewhere only a host, or a tag beside a name, says that something is an image.
    let is_image_without_host = match site.certainty {
        Certainty::Certain => true,
        Certainty::Named => !image.tail().is_empty(),
        Certainty::Value | Certainty::Unknown => false,
    };
    let short = spelling == Spelling::Short && is_image_without_host && site.registry.is_none();
    let Some(name) = policy.upstream_name(&target, short) else { return Outcome::Left(Reason::OneWay) };
    let there = match name.split_once('/') {
        Some((host, repository)) if site.registry.is_some() => {
            Target { host: host.to_owned(), repository: repository.to_owned(), prefix: target.prefix.clone() }
        }
        _ => Target { host: String::new(), repository: name.clone(), prefix: target.prefix.clone() },
    };
    let Some(edits) = edits(site, text, image, &there) else { return Outcome::Left(Reason::NotEditable) };
    let to = format!("{name}{}", image.tail());
    Outcome::Rewrite { to, rule: target.prefix, fix: Fix { edits, applicability: Applicability::Safe } }
}
