//! The needs as a CloudFormation template in YAML.
//!
//! Partition, region and account are pseudo parameters: the stack knows them better than the text could.

use super::{ACTIONS, ATTACH, HEAD, LOGIN, Needs, lines, name, secret_name};
use crate::policy::CacheRule;

/// What YAML 1.1 would read as a boolean or as null.
const WORDS: [&str; 7] = ["false", "no", "null", "off", "on", "true", "yes"];

pub(super) fn emit(needs: &Needs) -> String {
    let mut blocks = vec![head(needs)];
    let roles = needs.rules().iter().filter(|rule| needs.needs_role(rule)).map(role);
    let parameters: Vec<String> = needs.with_secret().map(parameters).chain(roles).collect();
    if !parameters.is_empty() {
        blocks.push(format!("Parameters:\n{}", parameters.concat()));
    }
    let resources: Vec<String> =
        needs.rules().iter().map(|rule| resources(needs, rule)).chain([policy(needs)]).collect();
    blocks.push(format!("Resources:\n{}", resources.join("\n")));
    blocks.push(
        "Outputs:
  PullThroughCachePolicyArn:
    Description: The policy to attach to the roles that pull images
    Value: !Ref PullThroughCachePolicy
"
        .to_owned(),
    );
    blocks.join("\n")
}

fn head(needs: &Needs) -> String {
    let home = needs.home();
    format!(
        "{HEAD}
# Deploy with --capabilities CAPABILITY_IAM, {home}.
AWSTemplateFormatVersion: \"2010-09-09\"
Description: ECR pull-through cache rules, and the policy to pull through them
"
    )
}

/// User and token. `Fn::Sub` puts them into JSON as they are, so they may not hold what JSON would escape.
fn parameters(rule: &CacheRule) -> String {
    let (id, upstream) = (logical_id(rule), name(rule));
    format!(
        r#"  {id}Username:
    Type: String
    NoEcho: true
    Description: The user that ECR logs in to {upstream} as
    AllowedPattern: '[^"\\]+'
  {id}AccessToken:
    Type: String
    NoEcho: true
    Description: An access token of that user
    AllowedPattern: '[^"\\]+'
"#
    )
}

/// The role with which ECR reads the registry of another account.
fn role(rule: &CacheRule) -> String {
    let (id, host) = (logical_id(rule), rule.upstream().url());
    format!(
        "  {id}RoleArn:
    Type: String
    Description: A role that pullthroughcache.ecr.amazonaws.com may assume, and that may read {host}
"
    )
}

fn resources(needs: &Needs, rule: &CacheRule) -> String {
    let id = logical_id(rule);
    let (prefix, url) = (scalar(rule.prefix()), scalar(rule.upstream().url()));
    let cache_rule = format!(
        "  {id}CacheRule:
    Type: AWS::ECR::PullThroughCacheRule
    Properties:
      EcrRepositoryPrefix: {prefix}
      UpstreamRegistryUrl: {url}
"
    );
    let path = rule.upstream_prefix().map(|path| format!("      UpstreamRepositoryPrefix: {}\n", scalar(path)));
    let role = needs.needs_role(rule).then(|| format!("      CustomRoleArn: !Ref {id}RoleArn\n"));
    let cache_rule = [cache_rule, path.unwrap_or_default(), role.unwrap_or_default()].concat();
    if !rule.upstream().needs_credentials() {
        return cache_rule;
    }
    let name = secret_name(rule);
    format!(
        r#"  # ECR accepts only this beginning of the name, and only the default encryption key.
  {id}Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: {name}
      SecretString: !Sub '{{"username":"${{{id}Username}}","accessToken":"${{{id}AccessToken}}"}}'

{cache_rule}      CredentialArn: !Ref {id}Secret
"#
    )
}

fn policy(needs: &Needs) -> String {
    let attach = lines(ATTACH, "  ", "");
    let actions = lines(ACTIONS, "              - ", "");
    let repositories = "              - !Sub arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/";
    let resources = lines(needs.rules().iter().map(CacheRule::repositories), repositories, "");
    format!(
        r#"{attach}  PullThroughCachePolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: {LOGIN}
            Resource: "*"
          - Effect: Allow
            Action:
{actions}            Resource:
{resources}"#
    )
}

/// What the parameters and resources of a rule begin with: letters and digits only.
fn logical_id(rule: &CacheRule) -> String {
    let name = name(rule);
    name.split('-').filter_map(|word| Some(word.get(..1)?.to_ascii_uppercase() + word.get(1..)?)).collect()
}

/// A string that YAML reads as one: `ecr-public` is, `10` and `no` have to be quoted.
fn scalar(text: &str) -> String {
    match text.starts_with(|first: char| first.is_ascii_lowercase()) && !WORDS.contains(&text) {
        true => text.to_owned(),
        false => format!("\"{text}\""),
    }
}
