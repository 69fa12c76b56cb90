//! What files say around images: how they are told, and the cache rules that they define.

use std::collections::BTreeSet;

use ecrewrite::inventory::DefinedRule;
use ecrewrite::{CacheRule, Inventory};

use crate::origin::is_same;

/// What files have in them that define cache rules.
pub(crate) const CACHE_RULES: [&str; 2] = ["pull_through_cache_rule", "PullThroughCacheRule"];
/// What files have in them that say something of how images are pulled.
pub(crate) const SURROUNDINGS: [&str; 17] = [
    "aws_iam_",
    "AWS::IAM::",
    "aws_vpc_endpoint",
    "AWS::EC2::",
    "_gateway",
    "aws_route",
    "AWS::Route53::",
    "aws_subnet",
    "aws_eks_",
    "AWS::EKS::",
    "aws_ecs_",
    "AWS::ECS::",
    "aws_ecr_registry",
    "AWS::CloudFormation::Stack",
    "aws_cloudwatch_event_target",
    "module \"",
    "data \"",
];

/// The cache rules that files define, in a stable order. Of two for one upstream with different prefixes, nothing says
/// which one holds: neither does.
pub(crate) fn defined_rules(inventories: &[(String, Inventory)]) -> Vec<CacheRule> {
    let rules = inventories.iter().flat_map(|(_, inventory)| &inventory.rules).filter_map(DefinedRule::text);
    let texts: BTreeSet<String> = rules.collect();
    let rules: Vec<CacheRule> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    let is_only = |rule: &&CacheRule| rules.iter().filter(|other| is_same(rule, other)).count() == 1;
    rules.iter().filter(is_only).cloned().collect()
}
