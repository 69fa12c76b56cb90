//! What the texts of programs say instead of the registry's host, and which bytes that changes.

use std::borrow::Cow;
use std::ops::Range;

use super::access::{AWS, Access, is_of_cdk_alone};
use super::edits::change;
use crate::destination::Expression;
use crate::edit::Edit;
use crate::finding::Note;
use crate::image::ImageRef;
use crate::policy::{Policy, Target};
use crate::reason::Reason;
use crate::schema::{Form, Site};
use crate::source::Source;
use crate::syntax::Placement;
use crate::syntax::program::Literals;

/// What is told where the host stays, since the program does not come to the class of the CDK.
const NO_CLASS: &str = "the registry is written out: this file has no `Aws` of the CDK, or is not for the CDK alone";
/// What is told where it stays for what its place is.
const NO_PLACE: &str = "the registry is written out: nothing can be filled in here";

/// Whether this is told of a text only.
pub(super) fn is_of_text(note: &Note) -> bool {
    matches!(note, Note::Beside(NO_CLASS | NO_PLACE))
}

/// What is told of a new reference that has the host where an expression is asked for.
pub(super) fn written_out(site: &Site, policy: &Policy, expression: Option<&Expression>, to: &str) -> Option<Note> {
    let Form::Program(_) = &site.form else { return None };
    policy.expressions().get(site.form.notation()?)?;
    match expression {
        None => Some(Note::Beside(NO_CLASS)),
        Some(expression) => (!to.starts_with(expression.text())).then_some(Note::Beside(NO_PLACE)),
    }
}

/// How a program comes to the class that knows account and region, where it is for the CDK.
fn access(source: &Source, literals: &Literals) -> Option<Access> {
    let outline = &literals.outline;
    is_of_cdk_alone(outline).then(|| Access::of(outline, source, literals.language(), &AWS)).flatten()
}

/// What a program says instead of the registry's host, as it has to write that.
pub(super) fn expression_at<'p>(source: &Source, site: &Site, policy: &'p Policy) -> Option<Cow<'p, Expression>> {
    let Form::Program(literals) = &site.form else { return None };
    let expression = policy.expressions().get(site.form.notation()?)?;
    if expression.by_class("Aws").is_none() {
        return Some(Cow::Borrowed(expression));
    }
    expression.by_class(&access(source, literals)?.class).map(Cow::Owned)
}

/// The changes of a program that make a reference this one, with an expression instead of the host. `None` if none may
/// stand there.
pub(super) fn with_expression(
    source: &Source,
    site: &Site,
    literals: &Literals,
    image: &ImageRef,
    target: &Target,
    expression: &Expression,
    policy: &Policy,
) -> Option<Vec<Edit>> {
    let given = policy.expressions().get(site.form.notation()?)?;
    // Whoever makes the templates pulls it, before account and region are known.
    if site.caution.is_some_and(|caution| caution.reason == Reason::NeedsLogin) {
        return None;
    }
    let access = match given.by_class("Aws") {
        Some(_) => Some(access(source, literals)?),
        None => None,
    };
    let fill = |placement: &Placement, range: Range<usize>, text: &str| {
        let span = (placement.chain().len() == 1).then(|| placement.span_of(range)).flatten()?;
        let (literal, place) = literals.at(span)?;
        let is_made_of_itself = place.defines.as_ref().is_some_and(|name| {
            [name.clone(), format!("this.{name}"), format!("self.{name}")].iter().any(|name| expression.names(name))
        });
        let is_object = |word: &str| place.object.as_deref() == Some(word);
        let is_other = ["this", "self", "cls"].into_iter().any(|word| expression.names(word) && !is_object(word));
        let is_there = access.as_ref().is_none_or(|access| access.from <= span.start);
        (!is_made_of_itself && !is_other && is_there)
            .then(|| literals.fill(literal, source.text(), span, text))
            .flatten()
    };
    let mut edits = match &site.registry {
        Some(registry) => {
            let host = image.registry().filter(|host| *host == registry.value())?;
            let (range, lead) = change(image.repository(), &target.repository);
            let registry = fill(&registry.placement(), 0..host.len(), expression.text())?;
            vec![registry, site.scalar.placement().replace(range, &lead)?]
        }
        None => {
            let (range, lead) = change(image.name(), &format!("{}/{}", expression.text(), target.repository));
            vec![fill(&site.scalar.placement(), range, &lead)?]
        }
    };
    edits.extend(access.and_then(|access| access.import));
    edits.sort();
    Some(edits)
}
