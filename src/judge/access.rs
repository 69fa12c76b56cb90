//! How a program comes to a class of the CDK: by what it imports already, or by an import that is put behind the others.

use crate::edit::Edit;
use crate::source::{Source, Span};
use crate::syntax::Language;
use crate::syntax::program::{Import, Outline};

/// A class of the CDK.
pub(super) struct Class {
    name: &'static str,
    /// What else it may go by, where something else has its name.
    others: &'static [&'static str],
    /// What any other name ends with by which it is known again.
    end: &'static str,
    /// The modules that have it.
    modules: &'static [&'static str],
    /// The name of such a module in the modules above.
    part: &'static str,
    /// The module that it is brought in from: of TypeScript, of Python, and the same of the first version.
    homes: [&'static str; 4],
}

/// The class of repositories.
pub(super) const REPOSITORY: Class = Class {
    name: "Repository",
    others: &["EcrRepository", "CachedRepository"],
    end: "",
    modules: &["aws-cdk-lib/aws-ecr", "@aws-cdk/aws-ecr", "aws_cdk.aws_ecr"],
    part: "aws_ecr",
    homes: ["aws-cdk-lib/aws-ecr", "aws_cdk.aws_ecr", "@aws-cdk/aws-ecr", "aws_cdk.aws_ecr"],
};

/// The class that knows the account and the region of whichever stack a text is used in.
pub(super) const AWS: Class = Class {
    name: "Aws",
    others: &[],
    end: "Aws",
    modules: &["aws-cdk-lib", "@aws-cdk/core", "aws_cdk", "aws_cdk.core", "aws-cdk-lib/core"],
    part: "core",
    homes: ["aws-cdk-lib", "aws_cdk", "@aws-cdk/core", "aws_cdk.core"],
};

/// How a file comes to a class.
pub(super) struct Access {
    /// What it goes by.
    pub(super) class: String,
    /// What brings it in, where it is not there.
    pub(super) import: Option<Edit>,
    /// The byte from which on it is there.
    pub(super) from: usize,
}

impl Access {
    pub(super) fn of(outline: &Outline, source: &Source, language: Language, class: &Class) -> Option<Self> {
        let text = source.text();
        let is_python = language == Language::Python;
        // What is hoisted holds everywhere; elsewhere a program may run before it comes there.
        let is_hoisted = |import: &Import| {
            let statement = &text[import.span.range()];
            statement.starts_with("import") && !statement.contains("require(") && !is_python
        };
        let named = |import: &Import, name: &str| {
            import.names.iter().find(|(known, _)| known == name).map(|(_, alias)| alias.clone())
        };
        let there = |import: &Import, class: String| {
            let first = class.split('.').next().unwrap_or_default();
            // A statement that is no import gives the name a value itself.
            let own = usize::from(!is_python && !is_hoisted(import));
            let is_meant = outline.names.get(first).is_none_or(|given| *given <= own);
            let from = if is_hoisted(import) { 0 } else { import.span.end };
            is_meant.then_some(Access { class, import: None, from })
        };
        for import in outline.imports.iter().filter(|import| class.modules.contains(&import.module.as_str())) {
            let whole = || import.whole.as_ref().map(|module| format!("{module}.{}", class.name));
            let own = named(import, class.name).filter(|name| name.ends_with(class.end));
            if let Some(access) = own.or_else(whole).and_then(|class| there(import, class)) {
                return Some(access);
            }
        }
        for import in
            outline.imports.iter().filter(|import| ["aws-cdk-lib", "aws_cdk"].contains(&import.module.as_str()))
        {
            let module = named(import, class.part);
            if let Some(access) = module.and_then(|module| there(import, format!("{module}.{}", class.name))) {
                return Some(access);
            }
        }
        let is_free = |name: &&str| !outline.names.contains_key(*name);
        let name = [class.name].into_iter().chain(class.others.iter().copied()).find(is_free)?;
        let last = outline.imports.last()?;
        let is_of_cdk = |import: &&Import| import.module.contains("aws-cdk") || import.module.contains("aws_cdk");
        let all_hoisted = is_hoisted(last);
        let last = outline.imports.iter().rfind(is_of_cdk).filter(|_| !all_hoisted).unwrap_or(last);
        let statement = &text[last.span.range()];
        let home = class.homes[usize::from(is_python) + 2 * usize::from(is_of_first_version(outline))];
        let quote = statement.chars().rev().find(|c| matches!(c, '"' | '\'')).unwrap_or('"');
        let end = if statement.ends_with(';') { ";" } else { "" };
        let renamed = |between: &str| match name {
            name if name == class.name => name.to_owned(),
            name => format!("{}{between}{name}", class.name),
        };
        let line = if is_python {
            format!("from {home} import {}", renamed(" as "))
        } else if statement.starts_with("import") {
            format!("import {{ {} }} from {quote}{home}{quote}{end}", renamed(" as "))
        } else {
            format!("const {{ {} }} = require({quote}{home}{quote}){end}", renamed(": "))
        };
        let at = text[last.span.end..].find('\n').map_or(text.len(), |end| last.span.end + end);
        let (at, line_end) = if text[..at].ends_with('\r') { (at - 1, "\r\n") } else { (at, "\n") };
        // A comment that goes on is no place for it.
        let at = if text[last.span.end..at].contains("/*") { last.span.end } else { at };
        let import = Edit { span: Span::new(at, at), text: format!("{line_end}{line}") };
        Some(Access { class: name.to_owned(), import: Some(import), from: if all_hoisted { 0 } else { at } })
    }
}

/// Whether a program imports the first version of the CDK.
fn is_of_first_version(outline: &Outline) -> bool {
    let is_second = |import: &Import| import.module == "aws-cdk-lib" || import.module.starts_with("aws-cdk-lib/");
    let is_first = |import: &Import| match import.module.as_str() {
        "aws_cdk" => import.names.iter().any(|(name, _)| name == "core"),
        "aws_cdk.core" | "@aws-cdk/core" => true,
        module => module.starts_with("@aws-cdk/aws-") && !module.contains("-alpha"),
    };
    !outline.imports.iter().any(is_second) && outline.imports.iter().any(is_first)
}

/// Whether a program is one of the CDK and of nothing else: what the others put out does not go through a stack.
pub(super) fn is_of_cdk_alone(outline: &Outline) -> bool {
    let is_of = |import: &Import, starts: &[&str]| {
        starts.iter().any(|start| {
            let rest = import.module.strip_prefix(start);
            rest.is_some_and(|rest| start.ends_with('/') || rest.is_empty() || rest.starts_with(['/', '.']))
        })
    };
    let is_cdk =
        |import: &Import| is_of(import, &["aws-cdk-lib", "@aws-cdk/", "aws_cdk"]) && !import.module.contains("-alpha");
    let is_other = |import: &Import| {
        let module = import.module.as_str();
        is_of(import, &["@pulumi/", "@cdktf/"])
            || ["cdk8s", "cdktf", "pulumi"].iter().any(|start| module.starts_with(start))
    };
    outline.imports.iter().any(is_cdk) && !outline.imports.iter().any(is_other)
}
