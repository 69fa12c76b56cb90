//! The policy for templates that define a role: a resource to put into each.

use super::super::needs::{PullingRole, RoleDefinition};
use super::super::statements;
use super::super::tree::{Tree, entry};
use super::super::{Dialect, File, HEAD, Needs, Style, TOO_LONG, comment};
use super::Stack;

/// A file for each role of a template, and one for the roles that are defined elsewhere or not at all.
pub(in crate::emit) fn fragments(needs: &Needs, dialect: Dialect, style: Style) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for role in needs.roles() {
        let RoleDefinition::CloudFormation(id) = &role.definition else { continue };
        let tree = fragment(needs, style, role, id);
        let stem = role.file.rsplit_once('.').map_or(role.file.as_str(), |(stem, _)| stem);
        let word = |char: char| if char.is_ascii_alphanumeric() { char } else { '-' };
        let stem: String = stem.chars().map(word).collect();
        let name = (1..).map(|number| match number {
            1 => format!("attach-{stem}-{id}.{}", dialect.ending()),
            _ => format!("attach-{stem}-{id}-{number}.{}", dialect.ending()),
        });
        let is_free = |name: &String| files.iter().all(|file| file.name != *name);
        let Some(name) = name.into_iter().find(is_free) else { continue };
        let text = match dialect {
            Dialect::CloudFormationJson => tree.json(),
            _ => format!("{}{}", head(needs, role, style), tree.yaml()),
        };
        files.push(File { name, text });
    }
    files.extend(others(needs, dialect));
    files
}

fn head(needs: &Needs, role: &PullingRole, style: Style) -> String {
    let place = format!("This resource belongs into {}, which defines the role.", role.file);
    let too_long = needs.is_too_long().then_some(TOO_LONG);
    let placeholders = style.literals.then(|| needs.placeholders()).flatten();
    [comment(HEAD), comment([place]), comment(too_long), comment(placeholders)].concat()
}

fn fragment(needs: &Needs, style: Style, role: &PullingRole, id: &str) -> Tree {
    let stack = Stack::new(needs, style);
    let properties = vec![
        entry("PolicyName", "ecr-pull-through-cache"),
        entry("PolicyDocument", stack.document(&statements::pull(needs))),
        entry("Roles", vec![Tree::call("Ref", id)]),
    ];
    let policy = vec![entry("Type", "AWS::IAM::Policy"), entry("Properties", properties)];
    let description = format!("For the resources of {}", role.file);
    vec![
        entry("Description", description),
        entry("Resources", vec![entry(format!("{id}PullThroughCachePolicy"), policy)]),
    ]
    .into()
}

/// What is said of roles that no template defines.
fn others(needs: &Needs, dialect: Dialect) -> Option<File> {
    let of_terraform = needs.roles().filter_map(|role| match &role.definition {
        RoleDefinition::Terraform(name) => {
            Some(format!("The role aws_iam_role.{name} of {} is Terraform's, and needs the policy too.", role.file))
        }
        RoleDefinition::CloudFormation(_) | RoleDefinition::Construct(_) => None,
    });
    let mut lines: Vec<String> = of_terraform.collect();
    if needs.roles().next().is_none() {
        lines.push("No role that pulls is defined in the files: attach the policy of the section iam to yours.".into());
    }
    let name = format!("attach.{}", dialect.ending());
    let text = match dialect {
        _ if lines.is_empty() => return None,
        Dialect::CloudFormationJson => Tree::from(vec![entry("Description", lines.join(" "))]).json(),
        _ => comment(lines),
    };
    Some(File { name, text })
}
