//! References in the source of CDK apps as repositories: `ContainerImage.fromEcrRepository(Repository.fromRepositoryName(…))`.
//!
//! A repository is a construct of its own. It is made where there is an object to make it in and the place is come to once for
//! it: in a constructor behind the call of the one above, outside of loops and functions. Elsewhere the text changes.

use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::finding::{Finding, Note, Outcome};
use crate::schema::SiteKind;
use crate::source::{Source, Span};
use crate::syntax::Language;
use crate::syntax::program::{CallSite, Import, Outline, outline};

/// What is told where the text changes all the same.
const WRITTEN_OUT: &str = "CDK: the registry is written out here: a repository needs a text of its own with a tag or a digest, \
                           in a constructor behind `super`, outside of loops and functions";

/// The names that a language has for what is written.
struct Names {
    method: &'static str,
    repository: &'static str,
    new_method: &'static str,
}

/// Makes repositories of the references that are rewritten, as far as they can be one.
pub(crate) fn as_repositories(findings: &mut [Finding], source: &Source, language: Language) {
    let names = match language {
        Language::TypeScript | Language::Tsx => {
            Names { method: "fromRegistry", repository: "fromRepositoryName", new_method: "fromEcrRepository" }
        }
        Language::Python => {
            Names { method: "from_registry", repository: "from_repository_name", new_method: "from_ecr_repository" }
        }
        _ => {
            let rewritten = findings.iter_mut().filter(|finding| matches!(finding.outcome, Outcome::Rewrite { .. }));
            return rewritten.for_each(|finding| finding.notes.push(Note::Beside(WRITTEN_OUT)));
        }
    };
    let is_rewritten = |finding: &Finding| matches!(finding.outcome, Outcome::Rewrite { .. });
    if !findings.iter().any(is_rewritten) {
        return;
    }
    let Some(outline) = outline(language, source) else { return };
    let access = Access::of(&outline, source, language);
    let mut ids = BTreeSet::new();
    for finding in findings.iter_mut().filter(|finding| finding.kind == SiteKind::Cdk) {
        let Outcome::Rewrite { to, fix, .. } = &mut finding.outcome else { continue };
        let is_meant = |call: &&CallSite| call.text == finding.span && call.name == names.method;
        let call = outline.calls.iter().find(is_meant);
        let made = call.zip(access.as_ref()).and_then(|(call, access)| {
            let (repository, ending) = parts(&finding.reference, to)?;
            let mut edits = written(source, call, access, &names, repository, ending, &mut ids)?;
            edits.extend(access.import.clone());
            edits.sort();
            Some(edits)
        });
        match made {
            Some(edits) => fix.edits = edits,
            None => finding.notes.push(Note::Beside(WRITTEN_OUT)),
        }
    }
}

/// The repository of the new reference, and the tag or the digest behind it: the same in the old.
fn parts<'t>(reference: &'t str, to: &'t str) -> Option<(&'t str, &'t str)> {
    let known = &reference[..reference.find(['$', '{']).unwrap_or(reference.len())];
    let last = known.rfind('/').map_or(0, |at| at + 1);
    let ending = known[last..].find([':', '@']).map_or("", |at| &reference[last + at..]);
    let (_, name) = to.strip_suffix(ending)?.split_once('/')?;
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
    ids: &mut BTreeSet<String>,
) -> Option<Vec<Edit>> {
    let owner = call.owner.as_deref().filter(|_| call.is_alone && call.receiver.ends_with("ContainerImage"))?;
    let token = &source.text()[call.text.range()];
    let (opening, rest) = token.split_at(call.opening);
    let (inside, closing) = rest.split_at(rest.len() - call.closing);
    // What has escapes is not as it stands there.
    let ending = inside.ends_with(ending).then(|| ending.get(1..)).map(|rest| rest.unwrap_or_default())?;
    let quote = closing.chars().next().filter(|quote| *quote != '`').unwrap_or('"');
    let id = unique(repository, source.text(), ids);
    let tag = if ending.is_empty() { String::new() } else { format!(", {opening}{ending}{closing}") };
    let (class, method) = (&access.class, names.repository);
    let text = format!("{class}.{method}({owner}, {quote}{id}{quote}, {quote}{repository}{quote}){tag}");
    let edit = |span: Span, text: &str| Edit { span, text: text.to_owned() };
    Some(vec![edit(call.name_span, names.new_method), edit(call.text, &text)])
}

/// An id that nothing in the file has: the name of the repository, its words with capitals, and a number where need be.
fn unique(repository: &str, text: &str, ids: &mut BTreeSet<String>) -> String {
    let words = repository.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let base: String = words.map(capital).collect();
    let is_free = |id: &String| {
        let is_said = ['"', '\'', '`'].iter().any(|quote| text.contains(&format!("{quote}{id}{quote}")));
        !is_said && !ids.contains(id)
    };
    let numbered = (2..).map(|number| format!("{base}{number}"));
    let id = std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base);
    ids.insert(id.clone());
    id
}

/// How a file comes to the class of repositories.
struct Access {
    class: String,
    /// What brings it in, where it is not there.
    import: Option<Edit>,
}

impl Access {
    fn of(outline: &Outline, source: &Source, language: Language) -> Option<Self> {
        let is_python = language == Language::Python;
        let of_ecr = |import: &&Import| {
            ["aws-cdk-lib/aws-ecr", "@aws-cdk/aws-ecr", "aws_cdk.aws_ecr"].contains(&import.module.as_str())
        };
        let named = |import: &Import, name: &str| {
            import.names.iter().find(|(known, _)| known == name).map(|(_, alias)| alias.clone())
        };
        let there = |class: String| Some(Access { class, import: None });
        for import in outline.imports.iter().filter(of_ecr) {
            if let Some(class) = named(import, "Repository") {
                return there(class);
            }
            if let Some(module) = &import.whole {
                return there(format!("{module}.Repository"));
            }
        }
        let core = outline.imports.iter().filter(|import| ["aws-cdk-lib", "aws_cdk"].contains(&import.module.as_str()));
        if let Some(module) = core.clone().find_map(|import| named(import, "aws_ecr")) {
            return there(format!("{module}.Repository"));
        }
        // `Repository` may be something else here.
        let is_free = |name: &str| {
            let text = source.text();
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            !text
                .match_indices(name)
                .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
        };
        let class = ["Repository", "EcrRepository", "CachedRepository"].into_iter().find(|name| is_free(name))?;
        let last = outline.imports.last()?;
        // What is hoisted may stand last; elsewhere a program may run before it comes there.
        let is_hoisted = source.text()[last.span.range()].starts_with("import") && !is_python;
        let is_of_cdk = |import: &&Import| import.module.contains("aws-cdk") || import.module.contains("aws_cdk");
        let last = outline.imports.iter().rfind(is_of_cdk).filter(|_| !is_hoisted).unwrap_or(last);
        let statement = &source.text()[last.span.range()];
        let of_first_version = outline
            .imports
            .iter()
            .any(|import| ["@aws-cdk/core", "@aws-cdk/aws-ecs", "@aws-cdk/aws-ecr"].contains(&import.module.as_str()));
        let module = if of_first_version { "@aws-cdk/aws-ecr" } else { "aws-cdk-lib/aws-ecr" };
        let quote = statement.chars().rev().find(|c| matches!(c, '"' | '\'')).unwrap_or('"');
        let end = if statement.ends_with(';') { ";" } else { "" };
        let renamed = |between: &str| match class {
            "Repository" => class.to_owned(),
            _ => format!("Repository{between}{class}"),
        };
        let line = if is_python {
            format!("from aws_cdk.aws_ecr import {}", renamed(" as "))
        } else if statement.starts_with("import") {
            format!("import {{ {} }} from {quote}{module}{quote}{end}", renamed(" as "))
        } else {
            format!("const {{ {} }} = require({quote}{module}{quote}){end}", renamed(": "))
        };
        let text = source.text();
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let at = text[last.span.end..].find('\n').map_or(text.len(), |end| last.span.end + end);
        let at = if text[..at].ends_with('\r') { at - 1 } else { at };
        // A comment that goes on is no place for it.
        let at = if text[last.span.end..at].contains("/*") { last.span.end } else { at };
        let import = Edit { span: Span::new(at, at), text: format!("{line_end}{line}") };
        Some(Access { class: class.to_owned(), import: Some(import) })
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
        ];
        for (reference, to, expected) in rows {
            assert_eq!(parts(reference, to), expected, "{reference}");
        }
    }

    #[test]
    fn ids_that_nothing_has() {
        let mut ids = BTreeSet::new();
        let text = "new X(this, 'PANginx')";
        let mut next = |repository: &str| unique(repository, text, &mut ids);
        assert_eq!(next("p/a/nginx"), "PANginx2");
        assert_eq!(next("p/a/nginx"), "PANginx3");
        assert_eq!(next("ecr-public/docker/library/redis"), "EcrPublicDockerLibraryRedis");
    }
}
