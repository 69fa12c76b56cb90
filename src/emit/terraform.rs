//! The needs as Terraform, laid out as `terraform fmt` leaves it.
//!
//! Without a `terraform` block: the module that takes it in has one, and may not have a second.

use super::{ACTIONS, ATTACH, HEAD, LOGIN, Needs, lines, name, secret_name};
use crate::policy::CacheRule;
use crate::upstream::Upstream;

pub(super) fn emit(needs: &Needs) -> String {
    let mut blocks = vec![head(needs)];
    blocks.extend(needs.local.as_deref().map(|name| local(needs, name)));
    for rule in needs.rules() {
        if rule.upstream().needs_credentials() {
            blocks.push(secret(rule));
        }
        if needs.needs_role(rule) {
            blocks.push(role(rule));
        }
        blocks.push(cache_rule(needs, rule));
    }
    blocks.push(policy(needs));
    blocks.join("\n")
}

fn head(needs: &Needs) -> String {
    let (provider, home) = (provider(needs), needs.home());
    let placeholders = lines(needs.placeholders(), "", "");
    format!("{HEAD}\n# Apply with hashicorp/aws >= {provider}, {home}.\n{placeholders}")
}

/// The registry under the name that the files give it.
fn local(needs: &Needs, name: &str) -> String {
    let host = needs.registry.host();
    format!(
        r#"# The files say `local.{name}` for the registry. Each module that does has to define it, once.
locals {{
  {name} = "{host}"
}}
"#
    )
}

/// The first version of the provider that takes what is written: other private registries and paths at the upstream
/// came with 5.94, `credential_arn` came with 5.37, prefixes with `/`
/// or of more than 20 characters with 5.31, the resource with 3.70.
fn provider(needs: &Needs) -> &'static str {
    let newer_prefix = |rule: &CacheRule| rule.prefix().contains('/') || rule.prefix().len() > 20;
    let is_private = |rule: &CacheRule| matches!(rule.upstream(), Upstream::Ecr(_)) || rule.upstream_prefix().is_some();
    if needs.rules().iter().any(is_private) {
        "5.94"
    } else if needs.with_secret().next().is_some() {
        "5.37"
    } else if needs.rules().iter().any(newer_prefix) {
        "5.31"
    } else {
        "3.70"
    }
}

fn secret(rule: &CacheRule) -> String {
    let upstream = name(rule);
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

fn role(rule: &CacheRule) -> String {
    let (label, host) = (label(rule), rule.upstream().url());
    format!(
        r#"variable "{label}_role_arn" {{
  description = "A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read {host}"
  type        = string
}}
"#
    )
}

fn cache_rule(needs: &Needs, rule: &CacheRule) -> String {
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
    // `terraform fmt` aligns the equal signs of a block.
    let path = rule.upstream_prefix().map(|path| format!("  upstream_repository_prefix = \"{path}\"\n"));
    let path = path.unwrap_or_default();
    let pad = if path.is_empty() { "" } else { "     " };
    let role = match needs.needs_role(rule) {
        true => format!("  custom_role_arn      {pad} = var.{label}_role_arn\n"),
        false => String::new(),
    };
    let credentials = credentials.replace("credential_arn       ", &format!("credential_arn       {pad}"));
    format!(
        r#"resource "aws_ecr_pull_through_cache_rule" "{label}" {{
  ecr_repository_prefix{pad} = "{prefix}"
  upstream_registry_url{pad} = "{url}"
{path}{role}{credentials}}}
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
    name(rule).replace('-', "_")
}
