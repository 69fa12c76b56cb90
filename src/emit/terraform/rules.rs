//! Cache rules, their secrets, and templates for the repositories that they create.

use super::super::hcl::{Expr, Item, argument, block};
use super::super::{NOTHING_NEW, TEMPLATE, comment, lifecycle, name, of_template, secret_name};
use super::{Module, label, owned, variable};
use crate::policy::CacheRule;

pub(super) fn rules(module: &Module<'_>) -> Vec<String> {
    let mut blocks = Vec::new();
    for rule in module.needs.new_rules() {
        if rule.upstream().needs_credentials() {
            blocks.extend(secret(rule));
        }
        let needs_role = module.needs.needs_role(rule);
        blocks.extend(needs_role.then(|| role(rule)));
        blocks.push(cache_rule(rule, needs_role));
    }
    if blocks.is_empty() {
        blocks.push(comment([NOTHING_NEW]));
    }
    blocks
}

fn secret(rule: &CacheRule) -> [String; 5] {
    let (label, upstream) = (label(rule), name(rule));
    let user = format!("The user that ECR logs in to {upstream} as");
    let token = "An access token of that user; Terraform keeps it in its state";
    let value = Expr::json(vec![
        argument("username", Expr::raw(format!("var.{label}_username"))),
        argument("accessToken", Expr::raw(format!("var.{label}_access_token"))),
    ]);
    let wait = vec![
        argument("create_duration", Expr::text("15s")),
        Item::Gap,
        depends_on(&format!("aws_secretsmanager_secret_version.{label}")),
    ];
    [
        variable(&format!("{label}_username"), &user, "string", true),
        variable(&format!("{label}_access_token"), token, "string", true),
        block(
            &owned(&["ECR accepts only this beginning of the name, and only the default encryption key."]),
            &format!("resource \"aws_secretsmanager_secret\" \"{label}\""),
            vec![argument("name", Expr::text(secret_name(rule)))],
        ),
        block(
            &[],
            &format!("resource \"aws_secretsmanager_secret_version\" \"{label}\""),
            vec![
                argument("secret_id", Expr::raw(format!("aws_secretsmanager_secret.{label}.id"))),
                argument("secret_string", value),
            ],
        ),
        block(
            &owned(&["ECR reads the secret when the rule is created, and does not find it in its first seconds."]),
            &format!("resource \"time_sleep\" \"{label}\""),
            wait,
        ),
    ]
}

fn depends_on(resource: &str) -> Item {
    argument("depends_on", Expr::List(vec![Expr::raw(resource)]))
}

fn role(rule: &CacheRule) -> String {
    let host = rule.upstream().url();
    let role = format!("A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read {host}");
    variable(&format!("{}_role_arn", label(rule)), &role, "string", false)
}

fn cache_rule(rule: &CacheRule, needs_role: bool) -> String {
    let label = label(rule);
    let mut items = vec![
        argument("ecr_repository_prefix", Expr::text(rule.prefix())),
        argument("upstream_registry_url", Expr::text(rule.upstream().url())),
    ];
    items.extend(rule.upstream_prefix().map(|path| argument("upstream_repository_prefix", Expr::text(path))));
    items.extend(needs_role.then(|| argument("custom_role_arn", Expr::raw(format!("var.{label}_role_arn")))));
    if rule.upstream().needs_credentials() {
        let secret = Expr::raw(format!("aws_secretsmanager_secret.{label}.arn"));
        items.extend([argument("credential_arn", secret), Item::Gap, depends_on(&format!("time_sleep.{label}"))]);
    }
    block(&[], &format!("resource \"aws_ecr_pull_through_cache_rule\" \"{label}\""), items)
}

pub(super) fn templates(module: &Module<'_>) -> Vec<String> {
    let needs = module.needs;
    let template = |rule: &CacheRule| {
        let prefix = rule.prefix();
        let encryption = vec![argument("encryption_type", Expr::text("AES256"))];
        let mut items = vec![
            argument("prefix", Expr::text(prefix)),
            argument("applied_for", Expr::texts(["PULL_THROUGH_CACHE"])),
            argument("description", Expr::text(format!("Repositories that cache {}", rule.upstream()))),
            argument("image_tag_mutability", Expr::text("MUTABLE")),
            Item::Gap,
            Item::Block("encryption_configuration".to_owned(), encryption),
        ];
        if !needs.has_digest(rule) {
            items.extend([Item::Gap, argument("lifecycle_policy", Expr::json(lifecycle_items()))]);
        }
        let heading = format!("resource \"aws_ecr_repository_creation_template\" \"{}\"", label(rule));
        block(&of_template(needs, rule), &heading, items)
    };
    let mut blocks: Vec<String> = vec![comment(TEMPLATE)];
    blocks.extend(needs.rules().iter().map(template));
    blocks
}

/// The lifecycle policy as an object of Terraform.
fn lifecycle_items() -> Vec<Item> {
    super::object(&lifecycle())
}
