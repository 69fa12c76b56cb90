//! The text of a site: as it stands there, and as it is read, with a host where an expression says which.

use std::borrow::Cow;
use std::ops::Range;

use crate::destination::{Expression, Notation};
use crate::policy::Policy;
use crate::schema::{Form, Site, SiteKind};

/// What stands for a part of a host: the pseudo parameter of CloudFormation, and how the CDK says the same.
const ACCOUNT: [&str; 3] = ["${AWS::AccountId}", "ACCOUNT_ID", "account"];
const REGION: [&str; 3] = ["${AWS::Region}", "REGION", "region"];
const SUFFIX: [&str; 3] = ["${AWS::URLSuffix}", "URL_SUFFIX", "urlsuffix"];

/// How long the host is with which a text begins, if it is the registry's with pseudo parameters for some of its parts:
/// what CDK makes of a repository of the stack's own account and region, and what programs say for that.
fn of_stack(text: &str, policy: &Policy, filled: &dyn Fn(usize, &[&str; 3]) -> Option<usize>) -> Option<usize> {
    let registry = policy.registry();
    let mut is_filled = false;
    let mut part = |at: usize, parameter: &[&str; 3], known: Option<&str>, other: fn(char) -> bool| {
        if let Some(length) = filled(at, parameter) {
            is_filled = true;
            return Some(at + length);
        }
        let rest = &text[at..];
        let end = rest.find(|character| !other(character)).unwrap_or(rest.len());
        known.is_none_or(|known| known == &rest[..end]).then_some(at + end).filter(|_| end > 0)
    };
    let then = |at: usize, sign: &str| text[at..].starts_with(sign).then_some(at + sign.len());
    let at = part(0, &ACCOUNT, registry.known_account(), |character| character.is_ascii_digit())?;
    let at = then(at, ".dkr.ecr.")?;
    let at =
        part(at, &REGION, registry.known_region(), |character| character.is_ascii_alphanumeric() || character == '-')?;
    let at = then(at, ".")?;
    let suffix = registry.partition().dns_suffix();
    let at = part(at, &SUFFIX, Some(suffix), |character| character.is_ascii_alphanumeric() || character == '.')?;
    is_filled.then_some(at)
}

/// Whether what a program fills in is a part of the host of the stack that it is in: `Aws.REGION`, `Stack.of(this).region`.
fn is_of_stack(inner: &str, [_, constant, property]: &[&str; 3]) -> bool {
    let is_path = |path: &str| path.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let is_behind = |path: &str| is_path(path) && (path.is_empty() || path.ends_with('.'));
    let Some((of, name)) = inner.trim().rsplit_once('.') else { return false };
    let is_property = || name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).eq(property.chars());
    match of.strip_suffix(')').and_then(|call| call.split_once("Stack.of(")) {
        Some((before, scope)) => is_behind(before) && is_path(scope) && is_property(),
        None => of.ends_with("Aws") && is_path(of) && name == *constant,
    }
}

/// The text of a site.
pub(super) struct Text<'s> {
    /// As it stands there, put together where its registry stands apart.
    pub(super) shown: Cow<'s, str>,
    /// The expression that it begins with: how long it is there, and the host that it is read as.
    lead: Option<(usize, String)>,
    /// The ranges of what is read that are not known.
    pub(super) holes: Vec<Range<usize>>,
}

impl<'s> Text<'s> {
    /// The text of a site; `expression` is what its language says instead of the registry's host.
    pub(super) fn of(site: &'s Site, policy: &Policy, expression: Option<&Expression>) -> Self {
        let shown = match &site.registry {
            _ if site.form == Form::Repository => {
                let host = policy.registry().some_host();
                Cow::Owned(format!("{host}/{}", site.scalar.value()))
            }
            Some(registry) => Cow::Owned(format!("{}/{}", registry.value(), site.scalar.value())),
            None => Cow::Borrowed(site.scalar.value()),
        };
        let first = site.registry.as_ref().unwrap_or(&site.scalar);
        let is_program = expression.is_some_and(|expression| expression.notation().is_of_programs());
        let length = expression.and_then(|expression| expression.leads(&shown));
        // A text that only looks like a template says what it says.
        let length = length.filter(|length| !is_program || first.holes().iter().any(|hole| hole.range.start < *length));
        let is_stack = site.form.notation() == Some(Notation::CloudFormation) || site.kind == SiteKind::CloudFormation;
        let filled = |at: usize, part: &[&str; 3]| {
            if is_stack {
                return shown[at..].starts_with(part[0]).then_some(part[0].len());
            }
            let hole = first.holes().iter().find(|hole| hole.range.start == at)?;
            let text = shown.get(hole.range.clone())?;
            let inner = text.strip_prefix('$').unwrap_or(text).strip_prefix('{')?.strip_suffix('}')?;
            is_of_stack(inner, part).then_some(text.len())
        };
        let may_be_filled = is_stack || !first.holes().is_empty();
        let length = length.or_else(|| may_be_filled.then(|| of_stack(&shown, policy, &filled)).flatten());
        let Some(length) = length.filter(|length| shown[*length..].starts_with('/')) else {
            let holes = holes(site, &shown, 0);
            return Text { shown, lead: None, holes };
        };
        let host = policy.registry().some_host();
        let holes = holes(site, &shown, length)
            .into_iter()
            .map(|hole| hole.start - length + host.len()..hole.end - length + host.len())
            .collect();
        Text { shown, lead: Some((length, host)), holes }
    }

    /// What is read.
    pub(super) fn read(&self) -> Cow<'_, str> {
        match &self.lead {
            Some((length, host)) => Cow::Owned(format!("{host}{}", &self.shown[*length..])),
            None => Cow::Borrowed(&self.shown),
        }
    }

    /// The part that stands for the host, as it stands there and as it is read.
    pub(super) fn host<'t>(&'t self, read: Option<&'t str>) -> Option<(&'t str, &'t str)> {
        match &self.lead {
            Some((length, host)) => Some((&self.shown[..*length], host)),
            None => read.map(|host| (host, host)),
        }
    }

    /// A range of what is read, from its start on, as a range of what stands there.
    pub(super) fn shown_range(&self, range: Range<usize>) -> Option<Range<usize>> {
        match &self.lead {
            Some((length, host)) => Some(range.start..range.end.checked_sub(host.len())? + length),
            None => Some(range),
        }
    }
}

/// The parts of a site's text, from a byte on, that are not known: what the language says, or what other programs will
/// fill in. What is before that byte says nothing of them.
fn holes(site: &Site, text: &str, from: usize) -> Vec<Range<usize>> {
    let own = site.scalar.holes().iter().map(|hole| {
        let shift = text.len() - site.scalar.value().len();
        hole.range.start + shift..hole.range.end + shift
    });
    let of_registry = site.registry.iter().flat_map(|registry| registry.holes()).map(|hole| hole.range.clone());
    let known: Vec<Range<usize>> = of_registry.chain(own).filter(|hole| hole.start >= from).collect();
    if !known.is_empty() {
        return known;
    }
    let mut holes = Vec::new();
    let mut at = from;
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
