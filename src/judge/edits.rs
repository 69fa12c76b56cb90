//! Which bytes of a file change, and to what.

use std::ops::Range;

use super::text::Text;
use crate::destination::{Expression, Notation};
use crate::edit::Edit;
use crate::image::ImageRef;
use crate::policy::{Policy, Target};
use crate::schema::{Added, Form, Piece, PieceKind, Site};
use crate::source::{Source, Span};
use crate::syntax::Placement;

/// The changes of the file that make a reference this one; registry and repository may be values of their own.
pub(super) fn edits(site: &Site, text: &Text<'_>, image: &ImageRef, target: &Target) -> Option<Vec<Edit>> {
    let Some(registry) = &site.registry else {
        let new = if target.host.is_empty() { target.repository.clone() } else { target.name() };
        let (range, lead) = change(image.name(), &new);
        return Some(vec![site.scalar.placement.replace(text.shown_range(range)?, &lead)?]);
    };
    let (shown, _) = text.host(image.registry()).filter(|(shown, _)| *shown == registry.value)?;
    let (range, lead) = change(image.repository(), &target.repository);
    let mut edits = vec![registry.placement.replace(0..shown.len(), &target.host)?];
    edits.push(site.scalar.placement.replace(range, &lead)?);
    edits.sort();
    Some(edits)
}

/// The changes that make a reference this one, with an expression instead of the host. `None` if none may stand there.
pub(super) fn with_expression(
    source: &Source,
    site: &Site,
    image: &ImageRef,
    target: &Target,
    expression: &Expression,
    policy: &Policy,
) -> Option<Vec<Edit>> {
    if let Some(registry) = &site.registry {
        let notation = match &site.form {
            Form::Template(notation) => *notation,
            Form::Substitution(_) => Notation::CloudFormation,
            _ => return None,
        };
        let host = image.registry().filter(|host| *host == registry.value)?;
        let write =
            if notation == Notation::Terraform { Placement::replace_in_hcl } else { Placement::replace_as_it_is };
        let (range, lead) = change(image.repository(), &target.repository);
        let mut edits = vec![write(&registry.placement, 0..host.len(), expression.text())?];
        edits.push(site.scalar.placement.replace(range, &lead)?);
        edits.sort();
        return Some(edits);
    }
    let (range, lead) = change(image.name(), &format!("{}/{}", expression.text(), target.repository));
    let placement = &site.scalar.placement;
    match &site.form {
        Form::Text => None,
        Form::Template(Notation::Terraform) => Some(vec![placement.replace_in_hcl(range, &lead)?]),
        Form::Template(Notation::Helm) if !source.text().contains("{{") => None,
        Form::Template(_) | Form::Substitution(_) => Some(vec![placement.replace_as_it_is(range, &lead)?]),
        Form::Strings(pieces) => {
            let holds = |piece: &&Piece| piece.range.start <= range.start && range.end <= piece.range.end;
            let piece = pieces.iter().find(|piece| !piece.range.is_empty() && holds(piece))?;
            let text = &site.scalar.value[piece.range.clone()];
            substitution(source.text(), piece, text, placement.span_of(range)?, &lead)
        }
        Form::Word(declared) => {
            let mut edits = vec![placement.replace_as_it_is(range, &lead)?];
            let name = expression.name()?;
            if declared.names.iter().all(|own| own != name) {
                edits.push(declaration(source.text(), declared.first_stage, name, policy));
                edits.sort();
            }
            Some(edits)
        }
    }
}

/// The changes that make a string of CloudFormation a `Fn::Sub`, with a new text for some of its bytes.
fn substitution(source: &str, piece: &Piece, text: &str, span: Span, lead: &str) -> Option<Vec<Edit>> {
    let Span { start, end } = piece.token;
    let token = &source[start..end];
    let insert = |at: usize, text: &str| Edit { span: Span::new(at, at), text: text.to_owned() };
    let change = Edit { span, text: lead.to_owned() };
    let is_quoted = token.starts_with(['"', '\'']);
    if token.contains('\n') || !is_quoted && token.starts_with(['|', '>']) {
        return None;
    }
    // What is text in a string would be filled in by a function.
    if piece.kind == PieceKind::String && text.contains("${") {
        return None;
    }
    let is_json = source.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    match piece.kind {
        PieceKind::Substitution if is_quoted || token.contains("${") => Some(vec![change]),
        PieceKind::String if is_json => Some(vec![insert(start, "{\"Fn::Sub\": "), change, insert(end, "}")]),
        PieceKind::String if is_quoted => Some(vec![insert(start, "!Sub "), change]),
        // Without quotes, a bracket would begin a mapping where the text stands among others.
        _ if span.start == start && !token.contains('\'') => {
            let tag = if piece.kind == PieceKind::String { "!Sub " } else { "" };
            let opened = Edit { span, text: format!("{tag}'{lead}") };
            Some(vec![opened, insert(end, "'")])
        }
        _ => None,
    }
}

/// The line that declares an argument of a Dockerfile before its first stage; the registry's host is its default.
fn declaration(source: &str, first_stage: usize, name: &str, policy: &Policy) -> Edit {
    let line = source[..first_stage].rfind('\n').map_or(0, |end| end + 1);
    let line = if line == 0 && source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { line };
    let line_end = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let registry = policy.registry();
    let default = if registry.is_known() { format!("={}", registry.host()) } else { String::new() };
    Edit { span: Span::new(line, line), text: format!("ARG {name}{default}{line_end}") }
}

/// The entry that a mapping of YAML gains, behind the one that holds the site's text: on a line of its own, or before the
/// next comma.
pub(super) fn addition(text: &str, site: &Site, added: Added, to: &str) -> Option<Edit> {
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

/// What of a name changes, and to what: the components that old and new name share at their end stay.
fn change(old: &str, new: &str) -> (Range<usize>, String) {
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
