//! Policies, and the roles that they are attached to.

use super::super::needs::RoleDefinition;
use super::super::statements::{self, Resource, Statement};
use super::super::tree::Tree;
use super::super::{ATTACH, BUILDER, REGISTRY_POLICY, TOO_LONG, comment};
use super::{Block, Script, demand};
use crate::emit::Section;

const OWN_REPOSITORY: &str = "BUILDER_REPOSITORY_ARN";
const PRINCIPALS: &str = "PULLING_ROLE_ARN";
const ROLES: &str = "PULLING_ROLES";
const POLICY_ARN: &str = "PULL_THROUGH_CACHE_POLICY_ARN";

/// The policy is kept for its attachment, if that is in the script too.
pub(super) fn policy(script: &Script<'_>) -> Block {
    let create = create(script, "ecr-pull-through-cache", &statements::pull(script.needs));
    let (note, too_long) = (comment(ATTACH), too_long(script));
    Block::new(match script.has(Section::Attach) {
        false => format!("{note}{too_long}{create}"),
        true => format!("{note}{too_long}policy=$(\n{create})\necho \"$policy\"\n"),
    })
}

pub(super) fn builder(script: &Script<'_>) -> Block {
    let create = create(script, "ecr-builder", &statements::build(script.needs));
    let demands = vec![demand(OWN_REPOSITORY, "the ARN of the repository that builds push to")];
    Block { demands, text: format!("{}{}{create}", comment(BUILDER), too_long(script)) }
}

fn too_long(script: &Script<'_>) -> String {
    comment(script.needs.is_too_long().then_some(TOO_LONG))
}

/// Names of policies hold for all regions.
fn create(script: &Script<'_>, name: &str, statements: &[Statement]) -> String {
    let document = document(script, statements);
    format!(
        "aws iam create-policy --policy-name \"{name}-$region\" \\
  --query Policy.Arn --output text --policy-document file:///dev/stdin <<EOF
{document}EOF
"
    )
}

/// The document within `<<EOF`, where the shell puts its variables in.
fn document(script: &Script<'_>, statements: &[Statement]) -> String {
    let repositories = match script.style.literals {
        true => script.needs.repository_arn(),
        false => "$repositories".to_owned(),
    };
    let arn = |resource: &Resource| match resource {
        Resource::Everything => Tree::from("*"),
        Resource::Repositories(names) => Tree::from(format!("{repositories}/{names}")),
        Resource::Own => Tree::from(format!("${OWN_REPOSITORY}")),
    };
    let principals = Tree::texts([format!("${PRINCIPALS}")]);
    statements::document(statements, arn, Some(&principals)).json()
}

/// Shows what is there and what has to be added, and changes nothing.
pub(super) fn registry_policy(script: &Script<'_>) -> Block {
    let document = document(script, &statements::import(script.needs));
    let (note, too_long) = (comment(REGISTRY_POLICY), too_long(script));
    let text = format!(
        r#"{note}{too_long}echo 'the policy of the registry:' >&2
aws ecr get-registry-policy --query policyText --output text || echo 'it has none' >&2
echo 'the statement to merge into it, for: aws ecr put-registry-policy --policy-text' >&2
cat <<EOF
{document}EOF
"#
    );
    Block { demands: vec![demand(PRINCIPALS, "the ARN of the role that pulls")], text }
}

/// Files tell the names that roles have in them, and not always the names they have in IAM.
pub(super) fn attachments(script: &Script<'_>) -> Block {
    let role = |role: &super::super::PullingRole| match &role.definition {
        RoleDefinition::Terraform(name) => format!("{}: aws_iam_role.{name}", role.file),
        RoleDefinition::CloudFormation(id) => format!("{}: {id}", role.file),
        RoleDefinition::Construct(name) => format!("{}: the execution role of {name}", role.file),
    };
    let roles: Vec<String> = script.needs.roles().map(role).collect();
    let note = if roles.is_empty() { "" } else { "# The files define these roles that pull:\n" };
    let mut demands = vec![demand(ROLES, "the names of the roles that pull, with spaces between them")];
    let policy = match script.has(Section::Iam) {
        true => "policy".to_owned(),
        false => {
            demands.push(demand(POLICY_ARN, "the ARN of the policy of whoever pulls"));
            POLICY_ARN.to_owned()
        }
    };
    let text = format!(
        r#"{note}{}for role in ${ROLES}; do
  aws iam attach-role-policy --role-name "$role" --policy-arn "${policy}"
done
"#,
        comment(roles)
    );
    Block { demands, text }
}
