//! Policies, and the roles that they are attached to.

use super::super::hcl::{Expr, Item, argument, block};
use super::super::needs::{PullingRole, RoleDefinition};
use super::super::statements::{self, Resource, Statement};
use super::super::tree::Tree;
use super::super::{ATTACH, BUILDER, REGISTRY_POLICY, TOO_LONG, comment};
use super::{LABEL, Module, object, output, owned, variable};
use crate::emit::Section;

const OWN_REPOSITORY: &str = "ecr_builder_repository_arn";
const POLICY_ARN: &str = "ecr_pull_through_cache_policy_arn";
const PRINCIPALS: &str = "ecr_pull_through_cache_principals";
const ROLE_NAMES: &str = "ecr_pull_through_cache_role_names";

pub(super) fn policy(module: &Module<'_>) -> Vec<String> {
    vec![
        managed(module, &ATTACH, LABEL, &statements::pull(module.needs)),
        output(
            POLICY_ARN,
            "The policy to attach to the roles that pull images",
            &format!("aws_iam_policy.{LABEL}.arn"),
        ),
    ]
}

pub(super) fn builder(module: &Module<'_>) -> Vec<String> {
    vec![
        variable(OWN_REPOSITORY, "The repository that builds push to", "string", false),
        managed(module, &BUILDER, "ecr_builder", &statements::build(module.needs)),
        output(
            "ecr_builder_policy_arn",
            "The policy to attach to the role of builds",
            "aws_iam_policy.ecr_builder.arn",
        ),
    ]
}

fn managed(module: &Module<'_>, note: &[&str], label: &str, statements: &[Statement]) -> String {
    let document = document(module, statements);
    let note = [note, too_long(module)].concat();
    block(
        &owned(&note),
        &format!("resource \"aws_iam_policy\" \"{label}\""),
        vec![
            argument("name_prefix", Expr::text(format!("{}-", label.replace('_', "-")))),
            argument("policy", Expr::json(object(&document))),
        ],
    )
}

fn too_long(module: &Module<'_>) -> &'static [&'static str] {
    if module.needs.is_too_long() { &[TOO_LONG] } else { &[] }
}

fn document(module: &Module<'_>, statements: &[Statement]) -> Tree {
    let repositories = module.repositories();
    let arn = |resource: &Resource| match resource {
        Resource::Everything => Tree::from("*"),
        Resource::Repositories(names) => Tree::from(format!("{repositories}/{names}")),
        Resource::Own => Tree::call("Ref", OWN_REPOSITORY),
    };
    statements::document(statements, arn, Some(&Tree::call("Ref", PRINCIPALS)))
}

pub(super) fn registry_policy(module: &Module<'_>) -> Vec<String> {
    let document = document(module, &statements::import(module.needs));
    let note = [&REGISTRY_POLICY[..], too_long(module)].concat();
    let name = format!("{LABEL}_registry_policy");
    vec![
        variable(PRINCIPALS, "The ARNs of the roles that pull, for the policy of the registry", "list(string)", false),
        block(&owned(&note), "locals", vec![argument(&name, Expr::json(object(&document)))]),
        output(&name, "To be merged into the one policy of the registry", &format!("local.{name}")),
    ]
}

/// Roles of Terraform can be named where they are defined, which is one folder.
pub(super) fn attachments(module: &Module<'_>) -> Vec<String> {
    let mut blocks = Vec::new();
    let has_policy = module.has(Section::Iam);
    let policy = match has_policy {
        true => format!("aws_iam_policy.{LABEL}.arn"),
        false => format!("var.{POLICY_ARN}"),
    };
    if !has_policy {
        blocks.push(variable(POLICY_ARN, "The policy of whoever pulls", "string", false));
    }
    let mut roles: Vec<(&str, &str)> = module.needs.roles().filter_map(of_terraform).collect();
    // Of several folders the uppermost is most likely the root module.
    roles.sort_by_key(|(file, name)| (file.matches('/').count(), folder(file), *file, *name));
    let home = roles.first().map(|(file, _)| folder(file));
    let (here, elsewhere): (Vec<_>, Vec<_>) = roles.into_iter().partition(|(file, _)| Some(folder(file)) == home);
    if let Some(home) = home {
        let home = if home.is_empty() { "the uppermost folder" } else { home };
        blocks.push(comment([format!("These refer to roles of {home}: put them there.")]));
    } else {
        blocks.extend(by_name(&policy));
    }
    let mut labels = Vec::new();
    for (file, name) in here {
        // Two files of a folder do not define a role twice.
        if !labels.contains(&name) {
            labels.push(name);
            blocks.push(attachment(&[format!("Defined in {file}.")], name, &policy));
        }
    }
    for (file, name) in elsewhere {
        let note = format!("{file} is in another folder, where this belongs, with the ARN as an input:");
        let there = attachment(&[], name, &format!("var.{POLICY_ARN}"));
        blocks.push(comment([note]) + &comment(there.lines()));
    }
    let others: Vec<String> = module.needs.roles().filter_map(of_cloud_formation).collect();
    if !others.is_empty() {
        blocks.push(comment(others));
    }
    blocks
}

fn of_terraform(role: &PullingRole) -> Option<(&str, &str)> {
    match &role.definition {
        RoleDefinition::Terraform(name) => Some((&role.file, name)),
        RoleDefinition::CloudFormation(_) | RoleDefinition::Construct(_) => None,
    }
}

fn of_cloud_formation(role: &PullingRole) -> Option<String> {
    let RoleDefinition::CloudFormation(id) = &role.definition else { return None };
    Some(format!("The role {id} of {} is CloudFormation's, and needs the policy too.", role.file))
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn attachment(note: &[String], name: &str, policy: &str) -> String {
    block(
        note,
        &format!("resource \"aws_iam_role_policy_attachment\" \"{LABEL}_{name}\""),
        vec![
            argument("role", Expr::raw(format!("aws_iam_role.{name}.name"))),
            argument("policy_arn", Expr::raw(policy)),
        ],
    )
}

/// The attachments where no role was found. Their number has to be known when it is planned, their names do not.
fn by_name(policy: &str) -> [String; 2] {
    [
        variable(ROLE_NAMES, "The names of the roles that pull", "list(string)", false),
        block(
            &[],
            &format!("resource \"aws_iam_role_policy_attachment\" \"{LABEL}\""),
            vec![
                argument("count", Expr::raw(format!("length(var.{ROLE_NAMES})"))),
                Item::Gap,
                argument("role", Expr::raw(format!("var.{ROLE_NAMES}[count.index]"))),
                argument("policy_arn", Expr::raw(policy)),
            ],
        ),
    ]
}
