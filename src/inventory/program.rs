//! What stands around the images in the source of CDK apps: cache rules, task definitions, and whether something grants the
//! cache's actions.

use super::{DefinedRule, Inventory, Known, Puller, Service};
use crate::schema::task_definitions;
use crate::syntax::{Kind, Node};

/// What the first pull of an image needs, and no grant of the CDK has.
const CACHE: [&str; 2] = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/// What a program says.
pub(super) fn program(inventory: &mut Inventory, root: &Node<'_>) {
    let mut named = [false; 2];
    root.scalars(&mut |node| {
        for (at, action) in CACHE.iter().enumerate() {
            named[at] |= node.text().is_some_and(|text| text == *action || text == "ecr:*");
        }
    });
    inventory.grants_in_program |= named == [true; 2];
    rules(inventory, root);
    inventory.pullers.extend(task_definitions(root).into_iter().map(|task| Puller {
        service: Service::Ecs,
        place: task.place,
        role: Some(Known::Hidden(task.name)),
        on_fargate: task.on_fargate,
        logs: false,
        secrets: false,
        parameters: false,
        is_outside: false,
    }));
}

/// The cache rules that a program makes.
fn rules(inventory: &mut Inventory, node: &Node<'_>) {
    if let Kind::Call(call) = &node.kind
        && call.name.ends_with("CfnPullThroughCacheRule")
        && let Some(properties) = call.arguments.iter().find(|argument| argument.entries().is_some())
    {
        let known = |keys: [&str; 3]| {
            let value = keys.iter().find_map(|key| properties.get(key))?;
            Some(match (&value.kind, value.text()) {
                (_, Some(text)) => Known::Text(text.to_owned()),
                (Kind::Reference(name), _) => Known::Hidden((*name).to_owned()),
                _ => Known::Hidden(String::new()),
            })
        };
        let hidden = || Known::Hidden(String::new());
        let prefix = known(["ecrRepositoryPrefix", "ecr_repository_prefix", "EcrRepositoryPrefix"]);
        let upstream = known(["upstreamRegistryUrl", "upstream_registry_url", "UpstreamRegistryUrl"]);
        let upstream_prefix =
            known(["upstreamRepositoryPrefix", "upstream_repository_prefix", "UpstreamRepositoryPrefix"]);
        inventory.rules.push(DefinedRule {
            prefix: prefix.unwrap_or_else(hidden),
            upstream: upstream.unwrap_or_else(hidden),
            upstream_prefix,
        });
    }
    node.children().into_iter().for_each(|child| rules(inventory, child));
}
