//! The needs as Terraform, laid out as `terraform fmt` leaves it.
//!
//! Without a `terraform` block: the module that takes it in has one, and may not have a second.

use super::{ACTIONS, ATTACH, HEAD, LOGIN, Needs, lines, name, secret_name};
use crate::policy::CacheRule;

pub(super) fn emit(needs: &Needs) -> String {
    let mut blocks = vec![head(needs)];
    for rule in needs.rules() {
        if rule.upstream().needs_credentials() {
            blocks.push(secret(rule));
        }
        blocks.push(cache_rule(rule));
    }
    blocks.push(policy(needs));
    blocks.join("\n")
}

fn head(needs: &Needs) -> String {
    let (provider, home) = (provider(needs), needs.home());
    let placeholders = lines(needs.placeholders(), "", "");
    format!("{HEAD}\n# Apply with hashicorp/aws >= {provider}, {home}.\n{placeholders}")
}

/// The first version of the provider that takes what is written: `credential_arn` came with 5.37, prefixes with `/`
/// or of more than 20 characters with 5.31, the resource with 3.70.
fn provider(needs: &Needs) -> &'static str {
    let newer_prefix = |rule: &CacheRule| rule.prefix().contains('/') || rule.prefix().len() > 20;
    if needs.with_secret().next().is_some() {
        "5.37"
    } else if needs.rules().iter().any(newer_prefix) {
        "5.31"
    } else {
        "3.70"
    }
}

fn secret(rule: &CacheRule) -> String {
    let upstream = name(rule.upstream());
    let (label, secret) = (label(rule), secret_name(rule));
    format!(
        r#"variable "{label}_username" {{
  description = "The user that ECR logs in to {upstream} as"
  type        = string
  sensitive   = true
}}

variable "{label}_access_token" {{
  description = "An access token of that user; Terraform keeps it in its state"
  type        = string
  sensitive   = true
}}

# ECR accepts only this beginning of the name, and only the default encryption key.
resource "aws_secretsmanager_secret" "{label}" {{
  name = "{secret}"
}}

resource "aws_secretsmanager_secret_version" "{label}" {{
  secret_id = aws_secretsmanager_secret.{label}.id
  secret_string = jsonencode({{
    username    = var.{label}_username
    accessToken = var.{label}_access_token
  }})
}}
"#
    )
}

fn cache_rule(rule: &CacheRule) -> String {
    let (label, prefix, url) = (label(rule), rule.prefix(), rule.upstream().url());
    let credentials = match rule.upstream().needs_credentials() {
        false => String::new(),
        true => format!(
            "  credential_arn        = aws_secretsmanager_secret.{label}.arn

  # ECR reads the secret as soon as the rule is created.
  depends_on = [aws_secretsmanager_secret_version.{label}]
"
        ),
    };
    format!(
        r#"resource "aws_ecr_pull_through_cache_rule" "{label}" {{
  ecr_repository_prefix = "{prefix}"
  upstream_registry_url = "{url}"
{credentials}}}
"#
    )
}

fn policy(needs: &Needs) -> String {
    let attach = lines(ATTACH, "", "");
    let actions = lines(ACTIONS, "          \"", "\",");
    let resources = lines(needs.repositories(), "          \"", "\",");
    format!(
        r#"{attach}resource "aws_iam_policy" "ecr_pull_through_cache" {{
  name_prefix = "ecr-pull-through-cache-"
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect   = "Allow"
        Action   = "{LOGIN}"
        Resource = "*"
      }},
      {{
        Effect = "Allow"
        Action = [
{actions}        ]
        Resource = [
{resources}        ]
      }},
    ]
  }})
}}

output "ecr_pull_through_cache_policy_arn" {{
  description = "The policy to attach to the roles that pull images"
  value       = aws_iam_policy.ecr_pull_through_cache.arn
}}
"#
    )
}

/// What the resources of a rule are called.
fn label(rule: &CacheRule) -> String {
    name(rule.upstream()).replace('-', "_")
}
