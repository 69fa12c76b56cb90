//! The needs as a POSIX shell script of AWS CLI commands.
//!
//! What the reader has to give is demanded first, so that nothing is created when it is missing.

mod endpoints;
mod permissions;
mod rules;

use super::{HEAD, Needs, Section, Style, comment};

/// One script for all the sections.
pub(super) fn emit(needs: &Needs, sections: &[Section], style: Style) -> String {
    let script = Script { needs, sections, style };
    let blocks: Vec<Block> = sections.iter().flat_map(|section| script.section(*section)).collect();
    let demands: String = blocks.iter().flat_map(|block| &block.demands).map(String::as_str).collect();
    let demands = (!demands.is_empty()).then_some(demands);
    let texts = blocks.into_iter().map(|block| block.text);
    let all: Vec<String> = [script.head()].into_iter().chain(demands).chain([script.home()]).chain(texts).collect();
    all.join("\n")
}

struct Script<'n> {
    needs: &'n Needs,
    sections: &'n [Section],
    style: Style,
}

/// Some commands, and the lines that demand what they take from the environment.
struct Block {
    demands: Vec<String>,
    text: String,
}

impl Block {
    fn new(text: String) -> Self {
        Block { demands: Vec::new(), text }
    }
}

impl Script<'_> {
    fn section(&self, section: Section) -> Vec<Block> {
        match section {
            Section::Rules => rules::rules(self),
            Section::Templates => rules::templates(self),
            Section::Iam => vec![permissions::policy(self)],
            Section::RegistryPolicy => vec![permissions::registry_policy(self)],
            Section::Builder => vec![permissions::builder(self)],
            Section::Attach => vec![permissions::attachments(self)],
            Section::Endpoints => vec![endpoints::endpoints(self)],
            Section::WarmUp | Section::Bots | Section::Login | Section::Kubernetes => Vec::new(),
        }
    }

    fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    fn head(&self) -> String {
        let home = self.needs.home();
        let placeholders = self.style.literals.then(|| self.needs.placeholders()).flatten();
        let once = format!("Run once, {home}: what exists already is an error, and stops the script.");
        let comments = [comment(HEAD), comment([once]), comment(placeholders)].concat();
        format!("#!/bin/sh\n{comments}set -eu\nexport AWS_PAGER=''\n")
    }

    /// Where it runs. Version 1 of the CLI takes the region of the one variable only, SDKs that of the other.
    fn home(&self) -> String {
        let (region, expected) = (word(self.needs.registry.region()), word(self.needs.registry.account()));
        let region = match self.style.literals {
            true => region,
            false => r#"${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}"#.to_owned(),
        };
        let account = "account=$(aws sts get-caller-identity --query Account --output text)";
        let region =
            format!("region={region}\nexport AWS_REGION=\"$region\" AWS_DEFAULT_REGION=\"$region\"\n{account}\n");
        if self.style.literals {
            let account = self.needs.registry.account();
            return format!(
                r#"{region}if [ "$account" != {expected} ]; then
  echo "the credentials are those of account $account, but the rules belong to account {account}" >&2
  exit 1
fi
"#
            );
        }
        // Scripts of rules alone name no repository.
        let sections = [Section::Iam, Section::RegistryPolicy, Section::Builder];
        let repositories = match sections.into_iter().any(|section| self.has(section)) {
            true => concat!(
                "partition=$(aws sts get-caller-identity --query Arn --output text | cut -d : -f 2)\n",
                "repositories=arn:$partition:ecr:$region:$account:repository\n"
            ),
            false => "",
        };
        format!("{region}{repositories}echo \"account $account, region $region\" >&2\n")
    }
}

/// Stops with a message if a variable of the environment is missing.
fn demand(variable: &str, what: &str) -> String {
    format!(": \"${{{variable}:?set it to {what}}}\"\n")
}

/// One word for the shell; a placeholder's `<` would be a redirection.
fn word(text: &str) -> String {
    match text.chars().all(|char| char.is_ascii_alphanumeric() || "-._/:".contains(char)) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
