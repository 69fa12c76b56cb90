//! The needs as a POSIX shell script of AWS CLI commands.
//!
//! The policy is created between the secrets and the rules: a secret takes a moment until ECR finds it.

use super::{ATTACH, HEAD, Needs, json, lines, name, secret_name};
use crate::policy::CacheRule;

/// Takes user and token to the secret as JSON.
const QUOTED: &str = r#"quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# The secret goes through a pipe, because other users of the machine can see arguments.
"#;

pub(super) fn emit(needs: &Needs) -> String {
    let mut blocks = vec![head(needs)];
    let secrets: Vec<String> = needs.with_secret().map(|rule| secret(needs, rule)).collect();
    if !secrets.is_empty() {
        blocks.push(needs.with_secret().map(demand).collect());
    }
    let roles = needs.rules().iter().filter(|rule| needs.needs_role(rule));
    let roles: Vec<String> = roles.map(demand_role).collect();
    if !roles.is_empty() {
        blocks.push(roles.concat());
    }
    blocks.push(check_account(needs));
    if !secrets.is_empty() {
        blocks.push(format!("{QUOTED}{}", secrets.join("\n")));
    }
    blocks.push(policy(needs));
    blocks.extend(needs.rules().iter().map(|rule| cache_rule(needs, rule)));
    blocks.join("\n")
}

fn head(needs: &Needs) -> String {
    let home = needs.home();
    let placeholders = lines(needs.placeholders(), "", "");
    format!(
        "#!/bin/sh
{HEAD}
# Run once, {home}: what exists already is an error, and stops the script.
{placeholders}set -eu
export AWS_PAGER=''
"
    )
}

/// Stops with a message before anything is created, if user or token is missing.
fn demand(rule: &CacheRule) -> String {
    let (variable, upstream) = (variable(rule), name(rule));
    format!(
        r#": "${{{variable}_USERNAME:?set it to the user that ECR logs in to {upstream} as}}"
: "${{{variable}_ACCESS_TOKEN:?set it to an access token of that user}}"
"#
    )
}

fn demand_role(rule: &CacheRule) -> String {
    let (variable, host) = (variable(rule), rule.upstream().url());
    format!(": \"${{{variable}_ROLE_ARN:?set it to a role that ECR may assume, and that may read {host}}}\"\n")
}

/// Stops if the credentials in use are those of another account, or the text still holds a placeholder.
fn check_account(needs: &Needs) -> String {
    let (region, account) = (word(needs.registry.region()), needs.registry.account());
    let expected = word(account);
    format!(
        r#"account=$(aws sts get-caller-identity --region {region} --query Account --output text)
if [ "$account" != {expected} ]; then
  echo "the credentials are those of account $account, but the rules belong to account {account}" >&2
  exit 1
fi
"#
    )
}

fn secret(needs: &Needs, rule: &CacheRule) -> String {
    let (variable, region, secret) = (variable(rule), word(needs.registry.region()), secret_name(rule));
    let arn = secret_arn(rule);
    format!(
        r#"{arn}=$(
  printf '{{"username":%s,"accessToken":%s}}' "$(quoted "${variable}_USERNAME")" "$(quoted "${variable}_ACCESS_TOKEN")" |
    aws secretsmanager create-secret --region {region} --name {secret} \
      --secret-string file:///dev/stdin --query ARN --output text
)
"#
    )
}

fn policy(needs: &Needs) -> String {
    let region = needs.registry.region();
    let (policy, region) = (word(&format!("ecr-pull-through-cache-{region}")), word(region));
    let (attach, document) = (lines(ATTACH, "", ""), json::emit(needs));
    format!(
        "{attach}aws iam create-policy --region {region} --policy-name {policy} \\
  --query Policy.Arn --output text --policy-document '{}'
",
        document.trim_end()
    )
}

fn cache_rule(needs: &Needs, rule: &CacheRule) -> String {
    let (region, prefix, url) = (word(needs.registry.region()), rule.prefix(), word(rule.upstream().url()));
    let credentials = match rule.upstream().needs_credentials() {
        false => String::new(),
        true => format!(" \\\n  --credential-arn \"${}\"", secret_arn(rule)),
    };
    let path = rule.upstream_prefix().map(|path| format!(" \\\n  --upstream-repository-prefix {}", word(path)));
    let path = path.unwrap_or_default();
    let role = match needs.needs_role(rule) {
        true => format!(" \\\n  --custom-role-arn \"${}_ROLE_ARN\"", variable(rule)),
        false => String::new(),
    };
    format!(
        "aws ecr create-pull-through-cache-rule --region {region} \\
  --ecr-repository-prefix {prefix} --upstream-registry-url {url}{path}{role}{credentials}
"
    )
}

/// What the environment variables of an upstream begin with.
fn variable(rule: &CacheRule) -> String {
    name(rule).replace('-', "_").to_ascii_uppercase()
}

/// The variable that holds the ARN of a rule's secret.
fn secret_arn(rule: &CacheRule) -> String {
    format!("{}_arn", name(rule).replace('-', "_"))
}

/// One word for the shell; a placeholder's `<` would be a redirection.
fn word(text: &str) -> String {
    match text.chars().all(|char| char.is_ascii_alphanumeric() || "-._/".contains(char)) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
