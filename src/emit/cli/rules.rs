//! Cache rules, their secrets, and templates for the repositories that they create.

use super::super::{NOTHING_NEW, TEMPLATE, comment, lifecycle, name, of_template, secret_name};
use super::{Block, Script, demand, word};
use crate::policy::CacheRule;

/// Takes user and token to the secret as JSON.
const QUOTED: &str = r#"quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# The secret goes through a pipe, because other users of the machine can see arguments.
"#;

pub(super) fn rules(script: &Script<'_>) -> Vec<Block> {
    let needs = script.needs;
    let mut blocks = Vec::new();
    let secrets: Vec<String> = needs.with_secret().map(secret).collect();
    if !secrets.is_empty() {
        let wait =
            "# ECR reads a secret when its rule is created, and does not find it in its first seconds.\nsleep 15\n";
        let text = format!("{QUOTED}{}\n{wait}", secrets.join("\n"));
        blocks.push(Block { demands: needs.with_secret().map(demands).collect(), text });
    }
    for rule in needs.new_rules() {
        let host = rule.upstream().url();
        let role = format!("a role that ECR may assume, and that may read {host}");
        let role = needs.needs_role(rule).then(|| demand(&format!("{}_ROLE_ARN", variable(rule)), &role));
        blocks.push(Block { demands: role.into_iter().collect(), text: cache_rule(script, rule) });
    }
    if blocks.is_empty() {
        blocks.push(Block::new(comment([NOTHING_NEW])));
    }
    blocks
}

fn demands(rule: &CacheRule) -> String {
    let (variable, upstream) = (variable(rule), name(rule));
    let user = demand(&format!("{variable}_USERNAME"), &format!("the user that ECR logs in to {upstream} as"));
    user + &demand(&format!("{variable}_ACCESS_TOKEN"), "an access token of that user")
}

fn secret(rule: &CacheRule) -> String {
    let (variable, secret, arn) = (variable(rule), word(&secret_name(rule)), secret_arn(rule));
    format!(
        r#"{arn}=$(
  printf '{{"username":%s,"accessToken":%s}}' "$(quoted "${variable}_USERNAME")" "$(quoted "${variable}_ACCESS_TOKEN")" |
    aws secretsmanager create-secret --name {secret} \
      --secret-string file:///dev/stdin --query ARN --output text
)
"#
    )
}

fn cache_rule(script: &Script<'_>, rule: &CacheRule) -> String {
    let (prefix, url) = (word(rule.prefix()), word(rule.upstream().url()));
    let credentials = match rule.upstream().needs_credentials() {
        false => String::new(),
        true => format!(" \\\n  --credential-arn \"${}\"", secret_arn(rule)),
    };
    let path = rule.upstream_prefix().map(|path| format!(" \\\n  --upstream-repository-prefix {}", word(path)));
    let path = path.unwrap_or_default();
    let role = match script.needs.needs_role(rule) {
        true => format!(" \\\n  --custom-role-arn \"${}_ROLE_ARN\"", variable(rule)),
        false => String::new(),
    };
    format!(
        "aws ecr create-pull-through-cache-rule \\
  --ecr-repository-prefix {prefix} --upstream-registry-url {url}{path}{role}{credentials}
"
    )
}

pub(super) fn templates(script: &Script<'_>) -> Vec<Block> {
    let needs = script.needs;
    let template = |(at, rule): (usize, &CacheRule)| {
        let general = TEMPLATE.into_iter().filter(|_| at == 0).map(str::to_owned);
        let note: Vec<String> = general.chain(of_template(needs, rule)).collect();
        let lifecycle = match needs.has_digest(rule) {
            true => String::new(),
            false => format!(" \\\n  --lifecycle-policy '{}'", lifecycle().compact()),
        };
        let (note, prefix, upstream) = (comment(note), word(rule.prefix()), rule.upstream());
        Block::new(format!(
            "{note}aws ecr create-repository-creation-template \\
  --prefix {prefix} --applied-for PULL_THROUGH_CACHE \\
  --description 'Repositories that cache {upstream}' \\
  --image-tag-mutability MUTABLE --encryption-configuration encryptionType=AES256{lifecycle}
"
        ))
    };
    needs.rules().iter().enumerate().map(template).collect()
}

/// What the environment variables of an upstream begin with.
fn variable(rule: &CacheRule) -> String {
    name(rule).replace('-', "_").to_ascii_uppercase()
}

/// The variable that holds the ARN of a rule's secret.
fn secret_arn(rule: &CacheRule) -> String {
    format!("{}_arn", name(rule).replace('-', "_"))
}
