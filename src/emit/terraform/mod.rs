//! The needs as Terraform, laid out as `terraform fmt` leaves it.
//!
//! Without a `terraform` block: the module that takes it in has one, and may not have a second. For the same reason data
//! sources and variables have names that no module is likely to have already.

mod endpoints;
mod permissions;
mod rules;

use super::hcl::{Expr, Item, argument, block};
use super::tree::Tree;
use super::{File, HEAD, Needs, Section, Style, comment, name};
use crate::policy::CacheRule;
use crate::upstream::Upstream;

/// What everything is called that there is one of.
const LABEL: &str = "ecr_pull_through_cache";

/// One text for all the sections.
pub(super) fn emit(needs: &Needs, sections: &[Section], style: Style) -> String {
    let module = Module { needs, sections, style };
    let own = sections.iter().flat_map(|section| module.section(*section));
    let blocks: Vec<String> = [head(&module)].into_iter().chain(module.shared()).chain(own).collect();
    blocks.join("\n")
}

/// A file for each section, and one for what they share.
pub(super) fn emit_each(needs: &Needs, sections: &[Section], style: Style) -> Vec<File> {
    let module = Module { needs, sections, style };
    let file = |name: &str, blocks: Vec<String>| {
        let blocks: Vec<String> = [head(&module)].into_iter().chain(blocks).collect();
        File { name: format!("{name}.tf"), text: blocks.join("\n") }
    };
    let shared = module.shared();
    let shared = (!shared.is_empty()).then(|| file("registry", shared));
    let own = sections.iter().map(|section| file(section.name(), module.section(*section)));
    shared.into_iter().chain(own).collect()
}

/// What is written, into one folder.
struct Module<'n> {
    needs: &'n Needs,
    sections: &'n [Section],
    style: Style,
}

impl Module<'_> {
    fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    fn section(&self, section: Section) -> Vec<String> {
        match section {
            Section::Rules => rules::rules(self),
            Section::Templates => rules::templates(self),
            Section::Iam => permissions::policy(self),
            Section::RegistryPolicy => permissions::registry_policy(self),
            Section::Builder => permissions::builder(self),
            Section::Attach => permissions::attachments(self),
            Section::Endpoints => endpoints::endpoints(self),
            Section::WarmUp | Section::Bots | Section::Login | Section::Kubernetes => Vec::new(),
        }
    }

    /// The region, within a string.
    fn region(&self) -> String {
        let attribute = if self.style.provider >= 6 { "region" } else { "name" };
        match self.style.literals {
            true => self.needs.registry.region().to_owned(),
            false => format!("${{data.aws_region.{LABEL}.{attribute}}}"),
        }
    }

    /// What ARNs of repositories begin with, within a string.
    fn repositories(&self) -> String {
        match self.style.literals {
            true => self.needs.repository_arn(),
            false => format!("${{local.{LABEL}_repositories}}"),
        }
    }

    /// Whether a section names repositories.
    fn names_repositories(&self) -> bool {
        self.has(Section::Iam) || self.has(Section::RegistryPolicy) || self.has(Section::Builder)
    }

    /// What several sections refer to: the account and the region, and the registry under the name that the files say.
    fn shared(&self) -> Vec<String> {
        let mut blocks = Vec::new();
        let host = self.needs.local.as_deref();
        let is_named = self.names_repositories() || host.is_some();
        let source = |kind: &str| format!("data \"{kind}\" \"{LABEL}\" {{}}\n");
        if !self.style.literals && is_named {
            blocks.extend([source("aws_caller_identity"), source("aws_partition")]);
        }
        if !self.style.literals && (is_named || self.has(Section::Endpoints)) {
            blocks.push(source("aws_region"));
        }
        let account = format!("${{data.aws_caller_identity.{LABEL}.account_id}}");
        if !self.style.literals && self.names_repositories() {
            let region = self.region();
            let arn = format!("arn:${{data.aws_partition.{LABEL}.partition}}:ecr:{region}:{account}:repository");
            blocks.push(block(&[], "locals", vec![argument(format!("{LABEL}_repositories"), Expr::text(arn))]));
        }
        if let Some(name) = host {
            let host = match self.style.literals {
                true => self.needs.registry.host(),
                false => {
                    let suffix = format!("${{data.aws_partition.{LABEL}.dns_suffix}}");
                    format!("{account}.dkr.ecr.{}.{suffix}", self.region())
                }
            };
            let note =
                format!("The files say `local.{name}` for the registry. Each module that does has to define it, once.");
            blocks.push(block(&[note], "locals", vec![argument(name, Expr::text(host))]));
        }
        blocks
    }

    /// Whether secrets are created, which wait for a resource of another provider.
    fn waits(&self) -> bool {
        self.has(Section::Rules) && self.needs.with_secret().next().is_some()
    }

    /// The first version of the provider that takes what is written: the attribute `region` came with 6.0, other private
    /// registries and paths at the upstream with 5.94, templates for repositories with 5.61, `credential_arn` with 5.37,
    /// prefixes with `/` or of more than 20 characters with 5.31, the resource itself with 3.70 (the provider's change
    /// log).
    fn provider(&self) -> &'static str {
        let newer_prefix = |rule: &CacheRule| rule.prefix().contains('/') || rule.prefix().len() > 20;
        let is_private =
            |rule: &CacheRule| matches!(rule.upstream(), Upstream::Ecr(_)) || rule.upstream_prefix().is_some();
        let any = |is: &dyn Fn(&CacheRule) -> bool| self.has(Section::Rules) && self.needs.new_rules().any(is);
        if self.shared().iter().any(|block| block.contains("aws_region")) && self.style.provider >= 6 {
            "6.0"
        } else if any(&is_private) {
            "5.94"
        } else if self.has(Section::Templates) {
            "5.61"
        } else if any(&|rule| rule.upstream().needs_credentials()) {
            "5.37"
        } else if any(&newer_prefix) {
            "5.31"
        } else {
            "3.70"
        }
    }
}

fn head(module: &Module<'_>) -> String {
    let (provider, home) = (module.provider(), module.needs.home());
    let time = if module.waits() { " and hashicorp/time" } else { "" };
    let placeholders = module.style.literals.then(|| module.needs.placeholders()).flatten();
    let apply = format!("Apply with hashicorp/aws >= {provider}{time}, {home}.");
    [comment(HEAD), comment([apply]), comment(placeholders)].concat()
}

/// A variable; each has a comment's worth of description.
fn variable(name: &str, description: &str, kind: &str, is_sensitive: bool) -> String {
    let mut items = vec![argument("description", Expr::text(description)), argument("type", Expr::raw(kind))];
    items.extend(is_sensitive.then(|| argument("sensitive", Expr::raw("true"))));
    block(&[], &format!("variable \"{name}\""), items)
}

fn output(name: &str, description: &str, value: &str) -> String {
    let items = vec![argument("description", Expr::text(description)), argument("value", Expr::raw(value))];
    block(&[], &format!("output \"{name}\""), items)
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// What the resources of a rule are called.
fn label(rule: &CacheRule) -> String {
    name(rule).replace('-', "_")
}

/// An object of data, as Terraform writes it. Keys of policies are words.
fn object(tree: &Tree) -> Vec<Item> {
    let Tree::Map(entries) = tree else { return Vec::new() };
    entries.iter().map(|entry| argument(entry.key(), expression(entry.value()))).collect()
}

fn expression(tree: &Tree) -> Expr {
    match tree {
        Tree::Text(text) => Expr::text(text),
        Tree::Number(number) => Expr::raw(number.to_string()),
        Tree::Bool(value) => Expr::raw(value.to_string()),
        Tree::List(items) => Expr::List(items.iter().map(expression).collect()),
        Tree::Map(_) => Expr::Object(object(tree)),
        // What the reader knows is a variable.
        Tree::Call(_, value) => match value.as_ref() {
            Tree::Text(name) => Expr::raw(format!("var.{name}")),
            _ => Expr::raw("null"),
        },
    }
}
