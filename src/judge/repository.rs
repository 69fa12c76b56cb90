//! References in the source of CDK apps as repositories: `ContainerImage.fromEcrRepository(Repository.fromRepositoryName(…))`.
//!
//! A repository is a construct of its own. It is made where there is an object to make it in and the place is come to once for
//! it: in a constructor behind the call of the one above, outside of loops and functions. Elsewhere the text changes.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Access, REPOSITORY};
use super::program;
use crate::edit::Edit;
use crate::finding::{Finding, Note, Outcome};
use crate::policy::Policy;
use crate::schema::SiteKind;
use crate::source::{Source, Span};
use crate::syntax::Language;
use crate::syntax::program::{CallSite, Class, Import, Outline, outline};

/// What is told where the text changes all the same.
const STAYS_TEXT: &str = "CDK: this stays a text: a repository needs a text of its own with a tag or a digest, in a \
                          constructor behind `super`, outside of loops and functions";

/// The names that a language has for what is written.
struct Names {
    method: &'static str,
    repository: &'static str,
    new_method: &'static str,
}

/// Makes repositories of the references that are rewritten, as far as they can be one.
pub(crate) fn as_repositories(findings: &mut [Finding], source: &Source, language: Language, policy: &Policy) {
    let names = match language {
        Language::TypeScript | Language::Tsx => {
            Names { method: "fromRegistry", repository: "fromRepositoryName", new_method: "fromEcrRepository" }
        }
        Language::Python => {
            Names { method: "from_registry", repository: "from_repository_name", new_method: "from_ecr_repository" }
        }
        _ => {
            let rewritten = findings.iter_mut().filter(|finding| matches!(finding.outcome, Outcome::Rewrite { .. }));
            return rewritten.for_each(|finding| finding.notes.push(Note::Beside(STAYS_TEXT)));
        }
    };
    let is_rewritten = |finding: &Finding| matches!(finding.outcome, Outcome::Rewrite { .. });
    if !findings.iter().any(is_rewritten) {
        return;
    }
    let Some((outline, calls)) = outline(language, source) else { return };
    // An image of a repository is none of this class, which such a file may ask for.
    let is_typed = language != Language::Python && source.text().contains("RepositoryImage");
    let access = Access::of(&outline, source, language, &REPOSITORY).filter(|_| !is_typed);
    let mut ids = Ids::default();
    for finding in findings.iter_mut().filter(|finding| finding.kind == SiteKind::Cdk) {
        let Outcome::Rewrite { to, fix, .. } = &mut finding.outcome else { continue };
        let is_meant = |call: &&CallSite| call.text == finding.span && call.name == names.method;
        let call = calls.iter().find(is_meant);
        let made = call.zip(access.as_ref()).and_then(|(call, access)| {
            let (repository, ending) = parts(&finding.reference, to)?;
            let class = call.class.as_ref().filter(|class| is_construct(&outline, class, CLASSES_MAX))?;
            let lead = if is_of_cdk(&outline, &class.base) { "" } else { &class.name };
            let id = format!("{lead}{}", words(repository));
            let id = || ids.next(&id, source.text());
            let mut edits = written(source, call, access, &names, repository, ending, id)?;
            edits.extend(access.import.clone());
            edits.sort();
            Some((edits, format!("{}/{repository}{ending}", policy.registry().host())))
        });
        match made {
            Some((edits, literal)) => {
                fix.edits = edits;
                *to = literal;
                finding.notes.retain(|note| !program::is_of_text(note));
            }
            None => finding.notes.push(Note::Beside(STAYS_TEXT)),
        }
    }
    if let Some(import) = access.and_then(|access| access.import) {
        join_insertions(findings, import.span);
    }
}

/// Makes one change of those that put something in at one place: another class may come from there, too.
fn join_insertions(findings: &mut [Finding], at: Span) {
    let edits = |finding: &Finding| match &finding.outcome {
        Outcome::Rewrite { fix, .. } => fix.edits.clone(),
        _ => Vec::new(),
    };
    let texts: BTreeSet<String> =
        findings.iter().flat_map(edits).filter(|edit| edit.span == at).map(|edit| edit.text).collect();
    let text: String = texts.into_iter().collect();
    for finding in findings {
        if let Outcome::Rewrite { fix, .. } = &mut finding.outcome {
            fix.edits.iter_mut().filter(|edit| edit.span == at).for_each(|edit| edit.text.clone_from(&text));
        }
    }
}

/// The repository of the new reference, and the tag or the digest behind it: the same in the old.
fn parts<'t>(reference: &'t str, to: &'t str) -> Option<(&'t str, &'t str)> {
    let known = &reference[..reference.find(['$', '{']).unwrap_or(reference.len())];
    let last = known.rfind('/').map_or(0, |at| at + 1);
    let ending = known[last..].find([':', '@']).map_or("", |at| &reference[last + at..]);
    let to = to.strip_suffix(ending)?;
    // What is filled in as the host may have such a sign itself.
    let mut depth = 0usize;
    let end = to.find(|c| {
        depth = (depth + usize::from(c == '{')).saturating_sub(usize::from(c == '}'));
        c == '/' && depth == 0
    });
    let name = &to[end? + 1..];
    // A tag beside a digest has no place.
    let is_both = ending.starts_with(':') && ending.contains("@sha256:");
    (!is_both).then_some((name, ending))
}

/// The changes that make a call one of a repository.
fn written(
    source: &Source,
    call: &CallSite,
    access: &Access,
    names: &Names,
    repository: &str,
    ending: &str,
    id: impl FnOnce() -> String,
) -> Option<Vec<Edit>> {
    let owner = call.owner.as_deref().filter(|_| call.is_alone && call.receiver.ends_with("ContainerImage"))?;
    let token = &source.text()[call.text.range()];
    let (opening, rest) = token.split_at(call.opening);
    let (inside, closing) = rest.split_at(rest.len() - call.closing);
    // What has escapes is not as it stands there.
    let ending = inside.ends_with(ending).then(|| ending.get(1..)).map(|rest| rest.unwrap_or_default())?;
    let quote = closing.chars().next().filter(|quote| *quote != '`').unwrap_or('"');
    let tag = if ending.is_empty() { String::new() } else { format!(", {opening}{ending}{closing}") };
    let (class, method) = (&access.class, names.repository);
    let id = id();
    let text = format!("{class}.{method}({owner}, {quote}{id}{quote}, {quote}{repository}{quote}){tag}");
    let edit = |span: Span, text: &str| Edit { span, text: text.to_owned() };
    Some(vec![edit(call.name_span, names.new_method), edit(call.text, &text)])
}

/// How many classes of a file may build on each other.
const CLASSES_MAX: usize = 16;

/// Whether the path of a class is one of the CDK's. What another file has may make constructs of its own in the same object.
fn is_of_cdk(outline: &Outline, base: &str) -> bool {
    let first = base.split('.').next().unwrap_or(base);
    let modules = ["aws-cdk-lib", "@aws-cdk/", "aws_cdk", "constructs"];
    let is_here = |import: &Import| {
        import.whole.as_deref() == Some(first) || import.names.iter().any(|(_, known)| known == first)
    };
    outline
        .imports
        .iter()
        .any(|import| is_here(import) && modules.iter().any(|module| import.module.starts_with(module)))
}

/// Whether a class builds on one of the CDK's, be it by others of the file, or on one that is named like a construct.
fn is_construct(outline: &Outline, class: &Class, classes: usize) -> bool {
    let is_above = |above: &&Class| above.name == class.base && classes > 0;
    is_of_cdk(outline, &class.base)
        || class.base.ends_with("Stack")
        || class.base.ends_with("Construct")
        || outline.classes.iter().find(is_above).is_some_and(|above| is_construct(outline, above, classes - 1))
}

/// The words of a repository's name, with capitals.
fn words(repository: &str) -> String {
    let words = repository.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

/// The ids that were given: all of them, and how often one was asked for by its name.
#[derive(Default)]
struct Ids {
    given: BTreeSet<String>,
    asked: BTreeMap<String, usize>,
}

impl Ids {
    /// An id that nothing in the file has: this one, with a number where need be.
    fn next(&mut self, base: &str, text: &str) -> String {
        let is_said = |id: &str| ['"', '\'', '`'].iter().any(|quote| text.contains(&format!("{quote}{id}{quote}")));
        let times = self.asked.entry(base.to_owned()).or_default();
        loop {
            *times += 1;
            let id = if *times == 1 { base.to_owned() } else { format!("{base}{times}") };
            if !is_said(&id) && self.given.insert(id.clone()) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_and_ending() {
        let rows = [
            ("nginx:1.27", "H/p/library/nginx:1.27", Some(("p/library/nginx", ":1.27"))),
            ("a.b:5000/x", "H/p/x", Some(("p/x", ""))),
            ("x@sha256:ab", "H/p/x@sha256:ab", Some(("p/x", "@sha256:ab"))),
            ("x:1@sha256:ab", "H/p/x:1@sha256:ab", None),
            ("x:${a/b:c}-d", "H/p/x:${a/b:c}-d", Some(("p/x", ":${a/b:c}-d"))),
            ("q.io/x:{tag}", "H/p/x:{tag}", Some(("p/x", ":{tag}"))),
            ("x:1", "${f('a/b')}.c/p/x:1", Some(("p/x", ":1"))),
        ];
        for (reference, to, expected) in rows {
            assert_eq!(parts(reference, to), expected, "{reference}");
        }
    }

    #[test]
    fn ids_that_nothing_has() {
        let mut ids = Ids::default();
        let text = "new X(this, 'PANginx')";
        let mut next = |repository: &str| ids.next(&words(repository), text);
        assert_eq!(next("p/a/nginx"), "PANginx2");
        assert_eq!(next("p/a/nginx"), "PANginx3");
        assert_eq!(next("p/a/nginx3"), "PANginx32");
        assert_eq!(next("ecr-public/docker/library/redis"), "EcrPublicDockerLibraryRedis");
    }
}
