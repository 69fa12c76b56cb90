//! Site to finding: whether a text is a reference, what becomes of it, and which bytes that changes.

use std::borrow::Cow;
use std::ops::Range;

use crate::edit::{Applicability, Edit, Fix};
use crate::finding::{Finding, Note, Outcome};
use crate::image::{ImageRef, ImageRefError};
use crate::options::{Direction, Options, Spelling};
use crate::policy::{Policy, Target, Verdict, is_sentinel};
use crate::reason::Reason;
use crate::registry::starts_like_ecr;
use crate::schema::{Added, Certainty, Site};
use crate::source::{Source, Span};
use crate::upstream::Upstream;

/// What becomes of a site: `None` if it turns out not to hold a reference in a place that need not hold one.
pub(crate) fn judge(source: &Source, site: &Site, policy: &Policy, options: Options) -> Option<Finding> {
    let text = &text(site);
    let mut notes = Vec::new();
    let left = |reason| (text.to_string(), Outcome::Left(reason));
    let (reference, outcome) = match site.caution.map(|caution| caution.reason) {
        Some(Reason::Template) => (first_line(text), Outcome::Left(Reason::Template)),
        Some(Reason::BuildOutput) if site.certainty == Certainty::Certain => left(Reason::BuildOutput),
        Some(Reason::Incomplete) if site.certainty == Certainty::Certain && is_host(text) => left(Reason::Incomplete),
        _ if is_sentinel(text) && site.certainty == Certainty::Certain => left(Reason::Sentinel),
        _ if text.starts_with("oci://") => {
            let inner = ImageRef::parse(&text["oci://".len()..]).ok()?;
            let chart = inner.registry().is_some_and(|host| Upstream::of_host(host).is_some());
            (chart || site.certainty == Certainty::Certain).then(|| left(Reason::Chart))?
        }
        _ => match ImageRef::parse_with_holes(text, &holes(site)) {
            Err(error) => left(unreadable(text, error, site.certainty)?),
            Ok(image) => {
                let outcome = outcome(source, site, &image, policy, options)?;
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
    Some(Finding {
        span: site.scalar.placement.file_span(),
        kind: site.kind,
        place: site.place.clone(),
        reference,
        outcome,
        notes,
    })
}

/// Whether a text is the name of a registry and nothing else.
fn is_host(text: &str) -> bool {
    text.contains('.') && !text.contains(['/', ':'])
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
fn outcome(source: &Source, site: &Site, image: &ImageRef, policy: &Policy, options: Options) -> Option<Outcome> {
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
        return Some(back(site, image, policy, verdict, spelling));
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
    if let Some(caution) = site.caution.filter(|caution| caution.applicability < options.threshold) {
        return Some(Outcome::Left(caution.reason));
    }
    if site.kind.on_request().is_some() && !options.also.contains(site.kind) {
        return Some(Outcome::Left(Reason::NotAsked));
    }
    if site.added.is_some() && !options.kustomize_add {
        return Some(Outcome::Left(Reason::MatchKey));
    }
    let to = format!("{}{}", target.name(), image.tail());
    let counted = to.split('@').next().unwrap_or(&to).chars().count();
    if site.limit.is_some_and(|limit| counted > limit) {
        return Some(Outcome::Left(Reason::ReferenceTooLong));
    }
    let edits = match &site.added {
        Some(added) => addition(source.text(), site, *added, &to).map(|edit| vec![edit]),
        None => edits(site, image, &target),
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

/// The entry that a mapping of YAML gains, behind the one that holds the site's text: on a line of its own, or before the
/// next comma.
fn addition(text: &str, site: &Site, added: Added, to: &str) -> Option<Edit> {
    let value = site.scalar.placement.file_span();
    let is_in_the_file_itself = site.scalar.placement.chain().len() == 1;
    if !is_in_the_file_itself || text[value.range()].contains('\n') {
        return None;
    }
    let entry = format!("{}: {to}", added.key);
    if text[added.mapping.range()].starts_with('{') {
        return Some(Edit { span: Span::new(value.end, value.end), text: format!(", {entry}") });
    }
    let line = text[..value.start].rfind('\n').map_or(0, |end| end + 1);
    let lead = text[line..value.start].trim_start_matches('\u{feff}');
    let key = lead.trim_end().strip_suffix(':')?.trim_end();
    let indent = key.rfind([' ', '\t']).map_or(0, |space| space + 1);
    if !lead[..indent].bytes().all(|byte| byte == b' ' || byte == b'-') {
        return None;
    }
    let end = text[value.end..].find('\n').map_or(text.len(), |end| value.end + end);
    let end = if text[..end].ends_with('\r') { end - 1 } else { end };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Some(Edit { span: Span::new(end, end), text: format!("{line_end}{}{entry}", " ".repeat(indent)) })
}

/// What becomes of a reference on the way back.
fn back(site: &Site, image: &ImageRef, policy: &Policy, verdict: Verdict, spelling: Spelling) -> Outcome {
    if site.added.is_some() {
        return Outcome::Left(Reason::MatchKey);
    }
    let target = match verdict {
        Verdict::Left(reason) => return Outcome::Left(reason),
        Verdict::Rewrite(_) => return Outcome::Left(Reason::Upstream),
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
    let Some(edits) = edits(site, image, &there) else { return Outcome::Left(Reason::NotEditable) };
    let to = format!("{name}{}", image.tail());
    Outcome::Rewrite { to, rule: target.prefix, fix: Fix { edits, applicability: Applicability::Safe } }
}

/// The changes of the file that make a reference this one; registry and repository may be values of their own.
fn edits(site: &Site, image: &ImageRef, target: &Target) -> Option<Vec<Edit>> {
    let Some(registry) = &site.registry else {
        let new = if target.host.is_empty() { target.repository.clone() } else { target.name() };
        let (range, lead) = change(image.name(), &new);
        return Some(vec![site.scalar.placement.replace(range, &lead)?]);
    };
    let host = image.registry().filter(|host| *host == registry.value)?;
    let (range, lead) = change(image.repository(), &target.repository);
    let mut edits = vec![registry.placement.replace(0..host.len(), &target.host)?];
    edits.push(site.scalar.placement.replace(range, &lead)?);
    edits.sort();
    Some(edits)
}

/// What of a name changes, and to what: the components that old and new name share at their end stay.
fn change(old: &str, new: &str) -> (Range<usize>, String) {
    let shared = old.rsplit('/').zip(new.rsplit('/')).take_while(|(one, other)| one == other);
    // Each shared component with the `/` before it.
    let kept: usize = shared.map(|(component, _)| component.len() + 1).sum();
    // Before the first component stands none.
    let kept = kept.min(old.len()).min(new.len());
    (0..old.len() - kept, new[..new.len() - kept].to_owned())
}

/// The text of a reference, put together where its registry stands apart.
fn text(site: &Site) -> Cow<'_, str> {
    match &site.registry {
        Some(registry) => Cow::Owned(format!("{}/{}", registry.value, site.scalar.value)),
        None => Cow::Borrowed(&site.scalar.value),
    }
}

/// The parts of a site's text that are not known: what the language says, or what other programs will fill in.
fn holes(site: &Site) -> Vec<Range<usize>> {
    let text = &text(site);
    let own = site.scalar.holes.iter().map(|hole| {
        let shift = text.len() - site.scalar.value.len();
        hole.range.start + shift..hole.range.end + shift
    });
    let of_registry = site.registry.iter().flat_map(|registry| &registry.holes).map(|hole| hole.range.clone());
    let known: Vec<Range<usize>> = of_registry.chain(own).collect();
    if !known.is_empty() {
        return known;
    }
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = next_hole(text, at) {
        holes.push(start..end);
        at = end;
    }
    holes
}

/// The next variable or template expression from a byte on: `${…}`, `{{…}}`, `$(…)`, `%{…}`, `$NAME`, `%s`.
fn next_hole(text: &str, from: usize) -> Option<(usize, usize)> {
    const BRACKETS: [(&str, &str); 6] =
        [("${{", "}}"), ("${", "}"), ("{{", "}}"), ("$(", ")"), ("%{", "}"), ("<<", ">>")];
    text[from..].char_indices().find_map(|(at, character)| {
        let start = from + at;
        let rest = &text[start..];
        let end = BRACKETS.iter().find(|(open, _)| rest.starts_with(open)).map(|(open, close)| {
            rest[open.len()..].find(close).map_or(text.len(), |end| start + open.len() + end + close.len())
        });
        let word = || {
            let name = rest.strip_prefix(['$', '%'])?;
            let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            match character {
                _ if length == 0 => None,
                '$' => Some(start + 1 + length),
                _ => Some(start + 2),
            }
        };
        // `%[1]s`: the argument by its number.
        let numbered = || {
            let end = rest.strip_prefix("%[")?.find(']')?;
            Some(start + "%[".len() + end + "]s".len()).filter(|end| *end <= text.len() && text.is_char_boundary(*end))
        };
        end.or_else(word).or_else(numbered).map(|end| (start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lead_of_a_name_changes() {
        let target =
            |repository: &str| Target { host: "H".into(), repository: repository.into(), prefix: "ecr-public".into() };
        let rows = [
            ("nginx:1", "ecr-public/docker/library/nginx", "", "H/ecr-public/docker/library/"),
            ("library/nginx", "ecr-public/docker/library/nginx", "", "H/ecr-public/docker/"),
            ("docker.io/nginx", "ecr-public/docker/library/nginx", "docker.io", "H/ecr-public/docker/library"),
            ("public.ecr.aws/a/b:1", "ecr-public/a/b", "public.ecr.aws", "H/ecr-public"),
        ];
        for (from, repository, old, new) in rows {
            let image = ImageRef::parse(from).unwrap();
            let (range, lead) = change(image.name(), &target(repository).name());
            assert_eq!((&from[range], lead.as_str()), (old, new), "{from}");
        }
    }

    #[test]
    fn holes_of_other_programs() {
        let rows = [
            ("nginx:1.27", vec![]),
            ("a:${B}-c", vec!["${B}"]),
            ("{{ .Values.image }}:{{ .x }}", vec!["{{ .Values.image }}", "{{ .x }}"]),
            ("$(params.image)", vec!["$(params.image)"]),
            ("$IMAGE:1", vec!["$IMAGE"]),
            ("postgres:%d", vec!["%d"]),
            ("postgres:%[1]s-x", vec!["%[1]s"]),
            ("postgres:%[1]", vec![]),
            ("a:${B", vec!["${B"]),
            ("a:$", vec![]),
        ];
        for (text, expected) in rows {
            let mut found = Vec::new();
            let mut at = 0;
            while let Some((start, end)) = next_hole(text, at) {
                found.push(&text[start..end]);
                at = end;
            }
            assert_eq!(found, expected, "{text}");
        }
    }
}
