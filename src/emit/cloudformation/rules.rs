//! Cache rules, their secrets, and templates for the repositories that they create.

use super::super::tree::{Tree, entry};
use super::super::{Section, TEMPLATE, lifecycle, name, of_template, secret_name};
use super::{POLICY, Stack, logical_id};
use crate::policy::CacheRule;

pub(super) fn rules(stack: &mut Stack<'_>) {
    for rule in stack.needs.new_rules() {
        if rule.upstream().needs_credentials() {
            secret(stack, rule);
        }
        if stack.needs.needs_role(rule) {
            let host = rule.upstream().url();
            let role = format!("A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read {host}");
            stack.parameter(&format!("{}RoleArn", logical_id(rule)), "String", &role);
        }
        cache_rule(stack, rule);
    }
}

/// User and token. `Fn::Sub` puts them into JSON as they are, so they may not hold what JSON would escape.
fn secret(stack: &mut Stack<'_>, rule: &CacheRule) {
    let (id, upstream) = (logical_id(rule), name(rule));
    let user = format!("The user that ECR logs in to {upstream} as");
    for (parameter, description) in [("Username", user.as_str()), ("AccessToken", "An access token of that user")] {
        let properties = vec![
            entry("Type", "String"),
            entry("NoEcho", Tree::Bool(true)),
            entry("Description", description),
            entry("AllowedPattern", r#"[^"\\]+"#),
        ];
        stack.parameters.push(entry(format!("{id}{parameter}"), properties));
    }
    let text = format!(r#"{{"username":"${{{id}Username}}","accessToken":"${{{id}AccessToken}}"}}"#);
    let properties = vec![entry("Name", secret_name(rule)), entry("SecretString", Tree::call("Sub", text))];
    let resource = vec![entry("Type", "AWS::SecretsManager::Secret"), entry("Properties", properties)];
    let why = ["ECR accepts only this beginning of the name, and only the default encryption key."];
    stack.resources.push(entry(format!("{id}Secret"), resource).saying(why));
}

fn cache_rule(stack: &mut Stack<'_>, rule: &CacheRule) {
    let id = logical_id(rule);
    let needs_secret = rule.upstream().needs_credentials();
    let mut properties =
        vec![entry("EcrRepositoryPrefix", rule.prefix()), entry("UpstreamRegistryUrl", rule.upstream().url())];
    properties.extend(rule.upstream_prefix().map(|path| entry("UpstreamRepositoryPrefix", path)));
    if stack.needs.needs_role(rule) {
        properties.push(entry("CustomRoleArn", Tree::call("Ref", format!("{id}RoleArn"))));
    }
    if needs_secret {
        properties.push(entry("CredentialArn", Tree::call("Ref", format!("{id}Secret"))));
    }
    let mut resource = vec![entry("Type", "AWS::ECR::PullThroughCacheRule")];
    if needs_secret && stack.sections.contains(&Section::Iam) {
        let why = ["Not for its sake: a policy takes a while, and ECR does not find a secret in its first seconds."];
        resource.push(entry("DependsOn", POLICY).saying(why));
    }
    resource.push(entry("Properties", properties));
    stack.resources.push(entry(format!("{id}CacheRule"), resource));
}

pub(super) fn templates(stack: &mut Stack<'_>) {
    for (at, rule) in stack.needs.rules().iter().enumerate() {
        let encryption = vec![entry("EncryptionType", "AES256")];
        let mut properties = vec![
            entry("Prefix", rule.prefix()),
            entry("AppliedFor", Tree::texts(["PULL_THROUGH_CACHE"])),
            entry("Description", format!("Repositories that cache {}", rule.upstream())),
            entry("ImageTagMutability", "MUTABLE"),
            entry("EncryptionConfiguration", encryption),
        ];
        if !stack.needs.has_digest(rule) {
            properties.push(entry("LifecyclePolicy", lifecycle().compact()));
        }
        let resource = vec![entry("Type", "AWS::ECR::RepositoryCreationTemplate"), entry("Properties", properties)];
        let general = TEMPLATE.into_iter().filter(|_| at == 0).map(str::to_owned);
        let note: Vec<String> = general.chain(of_template(stack.needs, rule)).collect();
        stack.resources.push(entry(format!("{}Template", logical_id(rule)), resource).saying(note));
    }
}
