//! Which bytes of a file change, and to what.

use std::ops::Range;

use super::text::Text;
use crate::edit::Edit;
use crate::image::ImageRef;
use crate::policy::Target;
use crate::schema::{Added, Site};
use crate::source::Span;

/// The changes of the file that make a reference this one; registry and repository may be values of their own.
pub(super) fn edits(site: &Site, text: &Text<'_>, image: &ImageRef, target: &Target) -> Option<Vec<Edit>> {
    let Some(registry) = &site.registry else {
        let new = if target.host.is_empty() { target.repository.clone() } else { target.name() };
        let (range, lead) = change(image.name(), &new);
        return Some(vec![site.scalar.placement().replace(text.shown_range(range)?, &lead)?]);
    };
    let (shown, _) = text.host(image.registry()).filter(|(shown, _)| *shown == registry.value())?;
    let (range, lead) = change(image.repository(), &target.repository);
    let mut edits = vec![registry.placement().replace(0..shown.len(), &target.host)?];
    edits.push(site.scalar.placement().replace(range, &lead)?);
    edits.sort();
    Some(edits)
}

/// The entry that a mapping of YAML gains, behind the one that holds the site's text: on a line of its own, or before the
/// next comma.
pub(super) fn addition(text: &str, site: &Site, added: Added, to: &str) -> Option<Edit> {
    let value = site.scalar.placement().file_span();
    let is_in_the_file_itself = site.scalar.placement().chain().len() == 1;
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

/// What of a name changes, and to what: the components that old and new name share at their end stay.
pub(super) fn change(old: &str, new: &str) -> (Range<usize>, String) {
    let shared = old.rsplit('/').zip(new.rsplit('/')).take_while(|(one, other)| one == other);
    // Each shared component with the `/` before it.
    let kept: usize = shared.map(|(component, _)| component.len() + 1).sum();
    // Before the first component stands none.
    let kept = kept.min(old.len()).min(new.len());
    (0..old.len() - kept, new[..new.len() - kept].to_owned())
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
}
