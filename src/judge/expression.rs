//! Where an expression stands instead of the registry's host, and which bytes that changes.

use super::edits::change;
#[cfg(feature = "cdk-source")]
use super::program;
use crate::destination::{Expression, Notation};
use crate::edit::Edit;
use crate::image::ImageRef;
use crate::optout::OptOuts;
use crate::policy::{Policy, Target};
use crate::registry::EcrHost;
use crate::schema::{Form, Piece, PieceKind, Site};
use crate::source::{Source, Span};
use crate::syntax::{Placement, Scope};

/// What the language of a site says instead of the registry's host, if that means the registry there.
pub(super) fn expression_at<'p>(site: &Site, policy: &'p Policy) -> Option<&'p Expression> {
    let expression = policy.expressions().get(site.form.notation()?)?;
    let means_it = match &site.form {
        // What it says there depends on what the program imports.
        #[cfg(feature = "cdk-source")]
        Form::Program(_) => false,
        Form::Text | Form::Repository => false,
        Form::Template(_) => true,
        Form::Substitution(_) | Form::Strings(_) => !site.form.shadows(expression.text()),
        Form::Definition(definition) => !definition.goes_into(expression.text()),
        Form::Actions(scopes) => {
            let scalars = site.registry.iter().chain([&site.scalar]);
            let scope = scalars.map(|scalar| scopes.at(scalar.placement().file_span().start)).max();
            scope.is_some_and(|scope| scope == Scope::Whole || scope == Scope::Moved && !expression.is_relative())
        }
        // Whoever builds without giving the argument gets its default.
        Form::Word(declared) => declared.arguments.iter().all(|(name, default)| {
            let is_other = |host: &str| !EcrHost::parse(host).is_some_and(|host| policy.registry().is(&host));
            expression.name() != Some(name) || !default.as_deref().is_some_and(is_other)
        }),
    };
    means_it.then_some(expression)
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
    #[cfg(feature = "cdk-source")]
    if let Form::Program(literals) = &site.form {
        return program::with_expression(source, site, literals, image, target, expression, policy);
    }
    if let Some(registry) = &site.registry {
        let host = image.registry().filter(|host| *host == registry.value())?;
        let write = match site.form {
            Form::Template(Notation::Terraform) | Form::Definition(_) => Placement::replace_in_hcl,
            Form::Template(_) | Form::Substitution(_) => Placement::replace_as_it_is,
            Form::Actions(_) if has_actions(source) => Placement::replace_as_it_is,
            _ => return None,
        };
        let (range, lead) = change(image.repository(), &target.repository);
        let mut edits = vec![write(&registry.placement(), 0..host.len(), expression.text())?];
        edits.push(site.scalar.placement().replace(range, &lead)?);
        edits.sort();
        return Some(edits);
    }
    let (range, lead) = change(image.name(), &format!("{}/{}", expression.text(), target.repository));
    let placement = &site.scalar.placement();
    match &site.form {
        #[cfg(feature = "cdk-source")]
        Form::Program(_) => None,
        Form::Text | Form::Repository => None,
        Form::Template(Notation::Terraform) | Form::Definition(_) => {
            Some(vec![placement.replace_in_hcl(range, &lead)?])
        }
        Form::Actions(_) if !has_actions(source) => None,
        Form::Template(_) | Form::Substitution(_) | Form::Actions(_) => {
            Some(vec![placement.replace_as_it_is(range, &lead)?])
        }
        Form::Strings(pieces) => {
            let holds = |piece: &&Piece| piece.range.start <= range.start && range.end <= piece.range.end;
            let piece = pieces.iter().find(|piece| !piece.range.is_empty() && holds(piece))?;
            let text = &site.scalar.value()[piece.range.clone()];
            substitution(source.text(), piece, text, placement.span_of(range)?, &lead)
        }
        Form::Word(declared) => {
            let mut edits = vec![placement.replace_as_it_is(range, &lead)?];
            let name = expression.name()?;
            if declared.arguments.iter().all(|(own, _)| own != name) {
                edits.push(declaration(source, declared.first_stage, name, policy));
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

/// Whether a template is one before anything is filled in: without an action it reads as YAML, and goes on doing so.
fn has_actions(source: &Source) -> bool {
    source.text().contains("{{")
}

/// The line that declares an argument of a Dockerfile before its first stage; the registry's host is its default.
fn declaration(source: &Source, first_stage: usize, name: &str, policy: &Policy) -> Edit {
    let line_end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let registry = policy.registry();
    let default = if registry.is_known() { format!("={}", registry.host()) } else { String::new() };
    let at = before_comments(source, first_stage);
    Edit { span: Span::new(at, at), text: format!("ARG {name}{default}{line_end}") }
}

/// The start of the line of a byte, or of the comments right above it, which belong to it. Directives of the parser stay
/// what they are only at the top.
fn before_comments(source: &Source, offset: usize) -> usize {
    let text = source.text();
    let line_of = |byte: usize| text[..byte].rfind('\n').map_or(source.bom_len(), |end| end + 1);
    let is_comment = |line: usize| text[line..].trim_start_matches([' ', '\t']).starts_with('#');
    let mut at = line_of(offset);
    while at > source.bom_len() && is_comment(line_of(at - 1)) {
        at = line_of(at - 1);
    }
    // Only what stands at the top is one.
    while at < line_of(offset) && text[source.bom_len()..at].lines().all(is_directive) {
        let next = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        if !is_directive(&text[at..next]) {
            break;
        }
        at = next;
    }
    // A comment that keeps the first stage would keep what stands between the two instead.
    OptOuts::of(source).start_at(offset).map_or(at, |start| at.min(start.max(source.bom_len())))
}

/// Whether a line is of the form of a directive: `# syntax=docker/dockerfile:1`.
fn is_directive(line: &str) -> bool {
    let named = line.trim_start().strip_prefix('#').and_then(|rest| rest.split_once('='));
    named.is_some_and(|(name, _)| {
        let name = name.trim();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
