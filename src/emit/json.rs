//! Policy documents alone, laid out as `jq .` leaves them.

use super::statements::{self, Resource, Statement};
use super::tree::{Tree, entry};
use super::{File, Needs, Section};

/// One document for each section that is a policy.
pub(super) fn documents(needs: &Needs, sections: &[Section]) -> Vec<File> {
    let document = |section: &Section| {
        let text = literal(needs, &of_section(needs, *section)?).json();
        Some(File { name: format!("{}.json", section.name()), text })
    };
    sections.iter().filter_map(document).collect()
}

/// The statements of a section, if it is a policy.
pub(super) fn of_section(needs: &Needs, section: Section) -> Option<Vec<Statement>> {
    match section {
        Section::Iam => Some(statements::pull(needs)),
        Section::RegistryPolicy => Some(statements::import(needs)),
        Section::Builder => Some(statements::build(needs)),
        _ => None,
    }
}

/// The document with account and region as they are known. What only the reader knows is a placeholder.
fn literal(needs: &Needs, statements: &[Statement]) -> Tree {
    let arn = |resource: &Resource| match resource {
        Resource::Everything => Tree::from("*"),
        Resource::Repositories(names) => Tree::from(format!("{}/{names}", needs.repository_arn())),
        Resource::Own => Tree::from(format!("{}/<repository>", needs.repository_arn())),
    };
    let (partition, account) = (needs.registry.partition().name(), needs.registry.account());
    let principals = Tree::texts([format!("arn:{partition}:iam::{account}:role/<role>")]);
    statements::document(statements, arn, Some(&principals))
}

/// A document that allows nothing.
pub(super) fn nothing() -> String {
    Tree::from(vec![entry("Version", "2012-10-17"), entry("Statement", Vec::<Tree>::new())]).json()
}
